"""HTTP in: parse, ask who it is, call one service, render. No rules live here.

`endpoint` declares routes, `gateway` leads an event to its route, `routes/` has one module per resource,
`schemas/` the shapes of bodies and answers.
"""

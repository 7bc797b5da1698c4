/**
 * The shader programs. Each region is one instance; its look is fetched by row from a small texture, and the
 * colour by style from another, so hiding or recolouring sends a few bytes and no geometry.
 */

const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
`;

/** Row looks: red = style, green = flags (1 hidden, 2 predicted, 16 drawn elsewhere). Row texture is 1024 wide. */
const LOOK = `
uniform usampler2D u_rows;
uniform sampler2D u_styles;
uniform vec4 u_viewA; // a, b, c, d
uniform vec2 u_viewE; // e, f
uniform vec2 u_size;  // device pixels
uniform float u_ratio;
flat out vec4 v_color;
flat out float v_stroke;
flat out float v_dashed;
vec2 toScreen(vec2 p) { return vec2(u_viewA.x * p.x + u_viewA.z * p.y, u_viewA.y * p.x + u_viewA.w * p.y) + u_viewE; }
vec4 toClip(vec2 p) { return vec4(p.x / u_size.x * 2.0 - 1.0, 1.0 - p.y / u_size.y * 2.0, 0.0, 1.0); }
bool lookUp(uint row) {
  uvec2 look = texelFetch(u_rows, ivec2(int(row & 1023u), int(row >> 10)), 0).rg;
  v_color = texelFetch(u_styles, ivec2(int(look.r), 0), 0);
  vec4 more = texelFetch(u_styles, ivec2(int(look.r), 1), 0);
  v_stroke = more.r * 16.0 * u_ratio;
  v_dashed = (look.g & 2u) != 0u ? 1.0 : 0.0;
  return (look.g & 17u) == 0u && more.g < 0.5;
}
`;

export const shapeVertex = `${HEAD}${LOOK}
layout(location = 0) in vec4 a_frame; // centre, half size
layout(location = 1) in float a_turn;
layout(location = 2) in uint a_row;
uniform int u_kind;
uniform float u_pointRadius;
uniform float u_smallest;
out vec2 v_at;
flat out vec2 v_half;
void main() {
  if (!lookUp(a_row)) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  float scale = length(u_viewA.xy);
  float turn = a_turn + atan(u_viewA.y, u_viewA.x);
  vec2 center = toScreen(a_frame.xy);
  vec2 halfSize = u_kind == 4 ? vec2(u_pointRadius) : a_frame.zw * scale;
  vec2 axis = vec2(cos(turn), sin(turn));
  if (u_kind == 1 && abs(axis.x * axis.y) < 1e-4) {
    // Upright boxes stand on whole pixels: their lines are crisp.
    vec2 reach = abs(axis.x) > 0.5 ? halfSize : halfSize.yx;
    vec2 low = round(center - reach);
    vec2 high = round(center + reach);
    center = (low + high) * 0.5;
    halfSize = (high - low) * 0.5;
    axis = vec2(1.0, 0.0);
  }
  halfSize = max(halfSize, vec2(u_smallest * 0.5));
  float pad = v_stroke * 0.5 + 1.5;
  vec2 corner = vec2(float(gl_VertexID & 1) * 2.0 - 1.0, float(gl_VertexID >> 1) * 2.0 - 1.0);
  v_at = corner * (halfSize + pad);
  v_half = halfSize;
  gl_Position = toClip(center + vec2(axis.x * v_at.x - axis.y * v_at.y, axis.y * v_at.x + axis.x * v_at.y));
}`;

export const shapeFragment = `${HEAD}
uniform int u_kind;
uniform float u_ratio;
uniform vec2 u_dash;
in vec2 v_at;
flat in vec2 v_half;
flat in vec4 v_color;
flat in float v_stroke;
flat in float v_dashed;
out vec4 color;
float boxDistance(vec2 p, vec2 b) {
  vec2 q = abs(p) - b;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0);
}
float ellipseDistance(vec2 p, vec2 r) {
  float k = length(p / r);
  return k < 1e-3 ? -min(r.x, r.y) : k * (k - 1.0) / length(p / (r * r));
}
void main() {
  float d = u_kind == 1 ? boxDistance(v_at, v_half) : ellipseDistance(v_at, v_half);
  if (u_kind == 4) {
    float disc = clamp(0.5 - d, 0.0, 1.0);
    float inner = clamp(0.5 - (d + 1.75 * u_ratio), 0.0, 1.0);
    color = vec4(mix(vec3(1.0), v_color.rgb, inner) * disc, disc);
    return;
  }
  // Boxes: the band is measured by the larger axis, so corners are square and lines are exactly as wide as said.
  float edge = u_kind == 1 ? max(abs(v_at.x) - v_half.x, abs(v_at.y) - v_half.y) : d;
  float line = clamp(v_stroke * 0.5 + 0.5 - abs(edge), 0.0, 1.0);
  float fill = clamp(0.5 - edge, 0.0, 1.0) * v_color.a;
  if (v_dashed > 0.5) {
    vec2 away = v_half - abs(v_at);
    float along = u_kind == 1
      ? (away.x < away.y ? v_at.y + v_half.y : v_at.x + v_half.x)
      : atan(v_at.y / v_half.y, v_at.x / v_half.x) * (v_half.x + v_half.y) * 0.5 + 1000.0;
    line *= step(mod(along, (u_dash.x + u_dash.y) * u_ratio), u_dash.x * u_ratio);
  }
  float alpha = line + fill * (1.0 - line);
  if (alpha < 0.003) discard;
  color = vec4(v_color.rgb * alpha, alpha);
}`;

export const fillVertex = `${HEAD}${LOOK}
layout(location = 0) in vec2 a_point;
layout(location = 1) in uint a_row;
void main() {
  if (!lookUp(a_row)) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  gl_Position = toClip(toScreen(a_point));
}`;

export const fillFragment = `${HEAD}
flat in vec4 v_color;
out vec4 color;
void main() { color = vec4(v_color.rgb * v_color.a, v_color.a); }`;

export const edgeVertex = `${HEAD}${LOOK}
layout(location = 0) in vec4 a_ends;
layout(location = 1) in uint a_row;
out vec2 v_at;
flat out float v_length;
void main() {
  if (!lookUp(a_row)) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  vec2 from = toScreen(a_ends.xy);
  vec2 to = toScreen(a_ends.zw);
  v_length = length(to - from);
  vec2 u = v_length < 1e-4 ? vec2(1.0, 0.0) : (to - from) / v_length;
  vec2 n = vec2(-u.y, u.x);
  float pad = v_stroke * 0.5 + 1.0;
  v_at = vec2((gl_VertexID & 1) == 0 ? -pad : v_length + pad, (gl_VertexID >> 1) == 0 ? -pad : pad);
  gl_Position = toClip(from + u * v_at.x + n * v_at.y);
}`;

export const edgeFragment = `${HEAD}
uniform float u_ratio;
uniform vec2 u_dash;
in vec2 v_at;
flat in float v_length;
flat in vec4 v_color;
flat in float v_stroke;
flat in float v_dashed;
out vec4 color;
void main() {
  float d = length(vec2(v_at.x - clamp(v_at.x, 0.0, v_length), v_at.y));
  float alpha = clamp(v_stroke * 0.5 + 0.5 - d, 0.0, 1.0);
  if (v_dashed > 0.5) alpha *= step(mod(v_at.x, (u_dash.x + u_dash.y) * u_ratio), u_dash.x * u_ratio);
  if (alpha < 0.003) discard;
  color = vec4(v_color.rgb * alpha, alpha);
}`;

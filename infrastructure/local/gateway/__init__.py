"""API Gateway and CloudFront on this machine: the app's paths become events, the rest is the SPA."""

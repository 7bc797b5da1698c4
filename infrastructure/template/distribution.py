"""CloudFront: the application's files and the API under one origin, so that the browser needs no CORS."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""Ids of AWS's own managed policies; they are the same in every account."""

API_PATHS = (
    *("/api/*", "/data/*", "/user/*", "/docs/*", "/health", "/version", "/version/*", "/metrics/*"),
    *("/tasks/*", "/projects/*/resolve/*", "/storage-data/*", "/feature-flags/*", "/swagger.json"),
    "/samples/time-series.csv",
)
"""What goes to the API; `tests/infrastructure` holds it to what the local gateway does."""
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' https: data: blob:; media-src 'self' https: blob:; connect-src 'self' https:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

OUTPUTS = {
    "AppUrl": {"Value": {"Fn::Sub": "https://${Distribution.DomainName}"}},
    "AppBucketName": {"Value": {"Ref": "AppBucket"}},
    "DistributionId": {"Value": {"Ref": "Distribution"}},
}


def resources() -> dict[str, Resource]:
    """The resources by logical id."""
    return {
        "Distribution": _distribution(),
        "AppAccess": _access(),
        "AppBucketPolicy": _bucket_policy(),
        "AppHeaders": _headers(),
        "AppRouter": _router(),
    }


def _distribution() -> Resource:
    behaviours = [
        {
            "PathPattern": path,
            "TargetOriginId": "api",
            "ViewerProtocolPolicy": "redirect-to-https",
            "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
            "CachePolicyId": CACHING_DISABLED,
            "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST,
        }
        for path in API_PATHS
    ]
    config = {
        "Enabled": True,
        "HttpVersion": "http2and3",
        "DefaultRootObject": "index.html",
        "Origins": [
            {
                "Id": "app",
                "DomainName": {"Fn::GetAtt": ["AppBucket", "RegionalDomainName"]},
                "OriginAccessControlId": {"Ref": "AppAccess"},
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            },
            {
                "Id": "api",
                "DomainName": {"Fn::Sub": "${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
                "OriginPath": "/api",
                "CustomOriginConfig": {
                    "OriginProtocolPolicy": "https-only",
                    "OriginSSLProtocols": ["TLSv1.2"],
                },
            },
        ],
        "DefaultCacheBehavior": {
            "TargetOriginId": "app",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": CACHING_OPTIMIZED,
            "Compress": True,
            "ResponseHeadersPolicyId": {"Ref": "AppHeaders"},
            "FunctionAssociations": [
                {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["AppRouter", "FunctionARN"]}}
            ],
        },
        "CacheBehaviors": behaviours,
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def _access() -> Resource:
    config = {
        "Name": {"Fn::Sub": "${AWS::StackName}-app"},
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    return {
        "Type": "AWS::CloudFront::OriginAccessControl",
        "Properties": {"OriginAccessControlConfig": config},
    }


def _bucket_policy() -> Resource:
    distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": "${AppBucket.Arn}/*"},
        "Condition": {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": distribution}}},
    }
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "AppBucket"},
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }


def _headers() -> Resource:
    security = {
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": 63072000,
            "IncludeSubdomains": True,
            "Override": True,
        },
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "same-origin", "Override": True},
        "ContentSecurityPolicy": {"ContentSecurityPolicy": CONTENT_POLICY, "Override": True},
    }
    config = {"Name": {"Fn::Sub": "${AWS::StackName}-app"}, "SecurityHeadersConfig": security}
    return {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {"ResponseHeadersPolicyConfig": config},
    }


def _router() -> Resource:
    """The application's own paths have no dot; they are all `index.html`."""
    code = (
        "function handler(event) {"
        " var request = event.request;"
        " if (request.uri.indexOf('.') < 0) { request.uri = '/index.html'; }"
        " return request; }"
    )
    return {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": {"Fn::Sub": "${AWS::StackName}-router"},
            "AutoPublish": True,
            "FunctionConfig": {"Comment": "paths of the application", "Runtime": "cloudfront-js-2.0"},
            "FunctionCode": code,
        },
    }

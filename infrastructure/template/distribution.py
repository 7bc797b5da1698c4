"""CloudFront: the application's files and the API under one origin, so that the browser needs no CORS."""

from __future__ import annotations

from typing import Any

from infrastructure.content_policy import content_policy
from infrastructure.local.gateway.paths import APP_PATHS

Resource = dict[str, Any]
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""Ids of AWS's own managed policies; they are the same in every account."""

API_PATHS = tuple(
    form for path in APP_PATHS for form in ([path] if path.endswith("*") else [path, f"{path}/"])
)
"""What goes to the API: what the local gateway sends there. CloudFront knows no optional slash."""

PARAMETERS: dict[str, Any] = {
    "DomainName": {"Type": "String", "Default": "", "Description": "A name of your own, such as a.example."},
    "CertificateArn": {"Type": "String", "Default": "", "Description": "Its ACM certificate in us-east-1."},
}
CONDITIONS: dict[str, Any] = {"HasDomain": {"Fn::Not": [{"Fn::Equals": [{"Ref": "CertificateArn"}, ""]}]}}
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
    certificate = {
        "AcmCertificateArn": {"Ref": "CertificateArn"},
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    config = {
        "Enabled": True,
        "HttpVersion": "http2and3",
        "DefaultRootObject": "index.html",
        "Aliases": _with_domain([{"Ref": "DomainName"}]),
        "ViewerCertificate": _with_domain(certificate),
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


def _with_domain(value: Any) -> dict[str, Any]:
    return {"Fn::If": ["HasDomain", value, {"Ref": "AWS::NoValue"}]}


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
        "ContentSecurityPolicy": {"ContentSecurityPolicy": content_policy(), "Override": True},
    }
    more = [
        {"Header": name, "Value": "same-origin", "Override": True}
        for name in ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy")
    ]
    config = {
        "Name": {"Fn::Sub": "${AWS::StackName}-app"},
        "SecurityHeadersConfig": security,
        "CustomHeadersConfig": {"Items": more},
    }
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

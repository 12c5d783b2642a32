"""S3, STS and IAM of `moto`, whose checks of signatures and policies are switched on.

Every signature is also made again by `botocore`, from the target as it stood in the request line.
"""

import io
import json

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from lib.peer import ready, serve_wsgi
from moto import settings
from moto.core.responses import ActionAuthenticatorMixin
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sts.models import sts_backends

ACCOUNT, REGION = "123456789012", "us-east-1"
EXTERNAL_ID = "5f1b5f0e-0f6b-4a52-9a3c-2d1f0c8f7a11"
moto = DomainDispatcherApplication(create_backend_app)
seen = []


def signed(environ, start_response):
    """Notes what arrived, and refuses what `botocore` signs otherwise."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    note = {"method": environ["REQUEST_METHOD"], "target": environ["REQUEST_URI"], "fits": fits(environ, body)}
    seen.append(note)
    if note["fits"] is False:
        start_response("403 Forbidden", [("content-type", "text/plain")])
        return [b"botocore signs this request otherwise"]
    return moto(environ, start_response)


def fits(environ, body):
    """Whether the signature is botocore's; `None` where there is no signature, or the key is not known."""
    scheme, _, rest = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme != "AWS4-HMAC-SHA256":
        return None
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key_id, _, region, service, _ = parts["Credential"].split("/")
    credentials = known(key_id)
    if credentials is None:
        return None
    headers = {}
    for name in parts["SignedHeaders"].split(";"):
        variable = name.upper().replace("-", "_")
        headers[name] = environ[variable if variable in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{variable}"]
    url = f"http://{environ['HTTP_HOST']}{environ['REQUEST_URI']}"
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=url, headers=headers, data=body)
    request.context["timestamp"] = headers["x-amz-date"]
    auth = (S3SigV4Auth if service == "s3" else SigV4Auth)(credentials, service, region)
    return auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request) == parts["Signature"]


def known(key_id):
    for user in iam_backends[ACCOUNT]["aws"].users.values():
        for key in user.access_keys:
            if key.access_key_id == key_id:
                return Credentials(key_id, key.secret_access_key)
    for role in sts_backends[ACCOUNT]["aws"].assumed_roles:
        if role.access_key_id == key_id:
            return Credentials(key_id, role.secret_access_key, role.session_token)
    return None


def client(service):
    """For setting up; it is not held to anything then."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="setup",
        aws_secret_access_key="setup",
        config=Config(s3={"addressing_style": "path"}),
    )


def set_up():
    """An operator who may assume a role of the customer, which may use S3; the operator alone may not."""
    iam = client("iam")
    iam.create_user(UserName="operator")
    allow = lambda action: json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    )
    iam.put_user_policy(UserName="operator", PolicyName="assume", PolicyDocument=allow("sts:AssumeRole"))
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    role = iam.create_role(RoleName="customer", AssumeRolePolicyDocument=trust("operator"))["Role"]
    iam.put_role_policy(RoleName="customer", PolicyName="s3", PolicyDocument=allow(["s3:*", "iam:ListUsers"]))
    client("s3").create_bucket(Bucket="customer-bucket")
    return {
        "key_id": key["AccessKeyId"],
        "secret": key["SecretAccessKey"],
        "role_arn": role["Arn"],
        "external_id": EXTERNAL_ID,
    }


def trust(user):
    """A trust policy for one user, who has to know the external id."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{user}"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def revoke():
    """The customer takes the role back: another is trusted with it, and it may do nothing."""
    without_checks()
    iam = client("iam")
    iam.delete_role_policy(RoleName="customer", PolicyName="s3")
    iam.update_assume_role_policy(RoleName="customer", PolicyDocument=trust("somebody-else"))
    with_checks()


def objects():
    """The keys in the bucket, with what they hold."""
    without_checks()
    s3 = client("s3")
    listed = s3.list_objects_v2(Bucket="customer-bucket").get("Contents", [])
    found = {one["Key"]: s3.get_object(Bucket="customer-bucket", Key=one["Key"])["Body"].read().decode() for one in listed}
    with_checks()
    return found


def without_checks():
    ActionAuthenticatorMixin.request_count = 0
    settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")


def with_checks():
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0


def taken():
    """What arrived since it was last asked."""
    arrived, seen[:] = list(seen), []
    return arrived


without_checks()
url = serve_wsgi(signed)
operator = set_up()
with_checks()
seen.clear()
ready({"url": url, **operator}, {"revoke": revoke, "objects": objects, "seen": taken})

import os
import urllib.request

request = urllib.request.Request(
    "{{ base }}{{ endpoint }}",
    headers={
        "Authorization": f"Bearer {os.environ['KEYWAY_API_KEY']}",
        "Provider-Config-Key": "{{ key }}",
        "Connection-Id": "acme-inc",
    },
)
with urllib.request.urlopen(request) as answer:
    print(answer.status, answer.read().decode())

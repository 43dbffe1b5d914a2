"""Runs as Lambda does: imports a module's handler, hands it events, tells statuses, CPU time and modules loaded."""

import sys
import time
from importlib import import_module

handler = import_module(sys.argv[1]).handler
begun = time.process_time()

import json  # noqa: E402 - after what is measured

events = json.loads(sys.stdin.read())
read = time.process_time()
statuses = [handler(event, None)["statusCode"] for event in events]
ended = time.process_time()
print(json.dumps({"statuses": statuses, "cpu_s": ended - (read - begun), "modules": list(sys.modules)}))  # noqa: T201

"""Starts Splash 3.5 on a Python of today: `.venv/splash/bin/python deploy/start_splash.py --port …`

Splash hands json.loads an `encoding`, which Python 3.9 took away.
"""

import json

from splash.server import main

loads = json.loads
json.loads = lambda text, encoding=None, **options: loads(text, **options)
main()

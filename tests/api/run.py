"""Starts a demonstration, makes tokens on its pages as people do, and lets schemathesis call everything that the document names.

Usage: run.py BINARY CALLS [RESULT]: at least so many calls; RESULT is a file that the outcome is written to.
"""

import html
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import requests

HERE = os.path.dirname(os.path.abspath(__file__))
SCOPES = [f"{area}:{what}" for area in ("registers", "cases", "duties", "administration") for what in ("read", "write")]
# Whose tokens are used, by the words of their sign-in link, and which part of the calls is theirs.
ROLES = {"administrator": "Administrator", "supplier": "Supplier"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(binary, folder, port):
    env = {**os.environ, "VOUCHSAFE_API_TOKEN_MINUTE": "1000000000", "VOUCHSAFE_API_ADDRESS_MINUTE": "1000000000"}
    out = open(os.path.join(folder, "out"), "w+")
    log = open(os.path.join(folder, "log"), "w")
    process = subprocess.Popen([binary, "demo", "--data", os.path.join(folder, "data"), "--listen", f"127.0.0.1:{port}"], stdout=out, stderr=log, env=env)
    deadline = time.time() + 120
    while time.time() < deadline and process.poll() is None:
        try:
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).ok:
                out.flush()
                out.seek(0)
                return process, open(os.path.join(folder, "out")).read()
        except requests.RequestException:
            pass
        time.sleep(0.2)
    process.kill()
    sys.exit("the demonstration did not start: " + open(os.path.join(folder, "log")).read()[-2000:])


def links(said):
    """The sign-in links that the demonstration printed, each with the words of its line."""
    return [(line, found.group(0)) for line in said.splitlines() if (found := re.search(r"https?://\S+/sign-in/demo/\S+", line))]


def token(base, link):
    browser = requests.Session()
    browser.get(link, timeout=30)
    page = browser.get(base + "/account/tokens/new", timeout=30).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields = [(name, html.unescape(value)) for name, value in hidden.items()]
    fields += [("name", "schemathesis"), ("days", "7")] + [("scopes", scope) for scope in SCOPES]
    made = browser.post(base + "/account/tokens/new", data=fields, timeout=30).text
    found = re.search(r"vouchsafe_[A-Za-z0-9_-]{40,}", made)
    if not found:
        sys.exit("no token was shown: " + re.sub(r"<[^>]+>", " ", made)[:2000])
    # Steps that ask for a recent confirmation are reached too.
    secret = found.group(0)
    requests.post(base + "/api/v1/account/confirm", json={"password": "any"}, headers={"Authorization": f"Bearer {secret}"}, timeout=30)
    return secret


def call(base, secret, examples, folder, seed):
    # One worker for each process: threads that parse Python at once trip over a count that CPython 3.11 shares among them
    # ("AST constructor recursion depth mismatch"). The roles run beside each other instead.
    report = os.path.join(folder, f"report-{seed}.ndjson")
    command = [
        os.path.join(os.path.dirname(sys.executable), "st"), "--config-file", os.path.join(HERE, "schemathesis.toml"), "run",
        base + "/api/openapi.json", "--header", f"Authorization: Bearer {secret}", "--checks", "all", "--max-examples", str(examples),
        "--workers", "1", "--seed", str(seed), "--request-timeout", "30", "--suppress-health-check", "all", "--max-redirects", "0",
        "--report", "ndjson", "--report-ndjson-path", report,
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    return done.returncode, done.stdout


def count(said):
    found = re.findall(r"([0-9][0-9,]*) generated", said) or re.findall(r"([0-9][0-9,]*) (?:test cases|cases)", said)
    return sum(int(n.replace(",", "")) for n in found)


def main():
    binary, calls = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    result = sys.argv[3] if len(sys.argv) > 3 else None
    folder = tempfile.mkdtemp(prefix="vouchsafe-api-")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    process, said = start(binary, folder, port)
    total, failed, seed, texts = 0, False, 1, []
    begun = time.time()
    try:
        found = links(said)
        secrets = {}
        for role, words in ROLES.items():
            link = next((link for line, link in found if words.lower() in line.lower()), None)
            if link is None:
                sys.exit(f"no sign-in link for {role} in:\n{said}")
            secrets[role] = token(base, link)
        operations = sum(len(item) for item in requests.get(base + "/api/openapi.json", timeout=30).json()["paths"].values())
        while total < calls and not failed:
            examples = min(60, max(1, (calls - total) // (2 * operations * len(secrets))))
            with ThreadPoolExecutor(len(secrets)) as beside:
                running = [(role, beside.submit(call, base, secret, examples, folder, seed + i)) for i, (role, secret) in enumerate(secrets.items())]
            seed += len(running)
            for role, run in running:
                code, text = run.result()
                made = count(text)
                print(text)
                print(f"== {role}: {made} calls, exit code {code}", flush=True)
                total, failed = total + made, failed or code != 0
                texts.append(text)
                if made == 0:
                    sys.exit("nothing was called")
        if process.poll() is not None:
            failed = True
            print("the service ended under the calls")
        faults = [line for line in open(os.path.join(folder, "log")) if "a fault" in line or "panicked" in line]
        if faults:
            failed = True
            print("faults in the log:\n" + "".join(faults[:20]))
    finally:
        process.terminate()
        process.wait(30)
        if not failed:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"left for looking at: {folder}")
    print(f"{total} calls to {operations} operations in {time.time() - begun:.0f} s: {'something was found' if failed else 'nothing was found'}")
    if result and not failed:
        with open(result, "w") as out:
            json.dump({"calls": total, "operations": operations, "seconds": round(time.time() - begun), "found": 0}, out)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

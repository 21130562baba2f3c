"""The clients that judge a case, and certctl's own answer to it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cryptography

from certificates import AT, CLIENT, SERVER

sys.path.append(str(Path(__file__).resolve().parent.parent / "claims"))
import verify  # noqa: E402, it is the judge of claims.rs, too

# Each client, by which words a message of certctl names it, and the ends of the ids of the claims about it. What
# OpenSSL refuses, it refuses in strict mode, too, which is that of Python 3.13.
JUDGES = {
    "openssl": (r"OpenSSL", r"/openssl(-before-3\.5)?$"),
    "strict": (r"OpenSSL", r"/openssl(-before-3\.5|-strict)?$"),
    "gnutls": (r"GnuTLS", r"/gnutls$"),
    "go": (r"\bGo\b", r"/go(-1\.19|-before-[0-9.]+)?$"),
    "pyca": (r"pyca", r"/pyca$"),
    "webpki": (r"rustls", r"/rustls(-ring)?$"),
}
RFC3339 = AT.strftime("%Y-%m-%dT%H:%M:%SZ")
PURPOSE = {"server": SERVER, "client": CLIENT}


def versions(certctl):
    def first(*words):
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[0]

    openssl = " ".join(first("openssl", "version").split()[:2])
    gnutls, go = first("certtool", "--version").split()[-1], first("go", "version").split()[2]
    return {
        "certctl": first(certctl, "--version"),
        "openssl": openssl,
        "strict": f"{openssl} -x509_strict",
        "gnutls": f"GnuTLS {gnutls}",
        "go": go,
        "pyca": f"cryptography {cryptography.__version__}",
        "webpki": "rustls-webpki of certctl",
    }


def run(*words, stderr=subprocess.STDOUT):
    """What it prints as one line, and the exit code."""
    try:
        ended = subprocess.run(
            words,
            stdout=subprocess.PIPE,
            stderr=stderr,
            stdin=subprocess.DEVNULL,
            timeout=60,
            env={"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired:
        return "hangs", -1
    return " ".join(ended.stdout.decode("utf-8", "replace").split()), ended.returncode


def commands(case, folder, certctl):
    """The command lines of those that are programs of their own."""
    chain, trust = f"{folder}/chain.pem", f"{folder}/ca.pem"
    serves, is_address = case.usage == "server", re.fullmatch(r"[0-9.]+|.*:.*", case.host)
    kind = "ip" if is_address else "hostname"
    openssl = [
        "openssl",
        "verify",
        "-no-CApath",
        "-no-CAstore",
        "-CAfile",
        trust,
        "-untrusted",
        chain,
        "-purpose",
        f"ssl{case.usage}",
        "-attime",
        str(int(AT.timestamp())),
        *([f"-verify_{kind}", case.host] if serves else []),
    ]
    return {
        "certctl": [
            certctl,
            "check",
            chain,
            "--ca",
            trust,
            "--usage",
            case.usage,
            "--at",
            RFC3339,
            "-o",
            "json",
            *([f"--host={case.host}"] if serves else []),
        ],
        "openssl": [*openssl, chain],
        "strict": [*openssl, "-x509_strict", chain],
        "gnutls": [
            # Frozen, else it may be a second later.
            "faketime",
            "-f",
            AT.strftime("%Y-%m-%d %H:%M:%S"),
            "certtool",
            "--verify",
            "--verify-profile=medium",
            "--load-ca-certificate",
            trust,
            "--infile",
            chain,
            f"--verify-purpose={PURPOSE[case.usage]}",
            *([f"--verify-hostname={case.host}"] if serves else []),
        ],
    }


def pyca(case, folder):
    try:
        verify.judge(f"{folder}/ca.pem", case.usage, case.host, f"{folder}/chain.pem", AT)
    except Exception as error:  # noqa: BLE001, whatever it is, it is a refusal
        return " ".join(f"{type(error).__name__}: {error}".split())
    except BaseException as panic:  # noqa: BLE001, a panic of Rust is no Exception
        if isinstance(panic, KeyboardInterrupt):
            raise
        return f"panic: {panic}"
    return ""


def go_all(program, cases):
    """Go's verdicts on all cases, out of one process."""
    lines = [f"{folder}/ca.pem {case.usage} {case.host} {folder}/chain.pem {RFC3339}" for case, folder in cases]
    ended = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    said = ended.stdout.splitlines()
    assert len(said) == len(lines), f"Go answers {len(said)} of {len(lines)}"
    return ["" if one == "ok" else one for one in said]


def ask(case, folder, certctl):
    """What each but Go says, nothing if it accepts, and certctl's answer."""
    said = {}
    lines = commands(case, folder, certctl)
    for judge, accepts in (
        ("openssl", lambda text: text.endswith("chain.pem: OK")),
        ("strict", lambda text: text.endswith("chain.pem: OK")),
        ("gnutls", lambda text: text.endswith("Chain verification output: Verified. The certificate is trusted.")),
    ):
        text, code = run(*lines[judge])
        said[judge] = "" if code == 0 and accepts(text) else words(judge, text, folder)
    said["pyca"] = pyca(case, folder)
    answer = Answer(*run(*lines["certctl"], stderr=subprocess.DEVNULL))
    said["webpki"] = answer.webpki
    return said, answer


def words(judge, text, folder):
    """The part of a client's output that says why."""
    if judge == "gnutls":
        return (text.rpartition("Chain verification output: ")[2] or "?")[-400:]
    found = re.search(r"error \d+ at .*?(?= error |$)", text)
    return (found[0] if found else text).replace(f"{folder}/", "") or "?"


class Answer:
    """What certctl says of a case."""

    def __init__(self, text, code):
        self.code = code
        self.findings, self.errors, self.webpki = [], [], "?"
        try:
            answer = json.loads(text)
        except ValueError:
            self.errors = [text]
            return
        certificates = answer.get("certificates", [])
        self.findings = [one for certificate in certificates for one in certificate["findings"]]
        self.errors = [str(one) for one in answer.get("errors", [answer])]
        verdicts = [one["webpki"] for one in certificates if one.get("webpki")]
        if verdicts:
            self.webpki = verdicts[0]["says"] or ""
        elif code == 0:
            self.errors.append("exit 0 without a verdict of webpki")

    def names(self, judge):
        """The finding that says that this client refuses it."""
        return next((one for one in self.findings if refuses(one, judge)), None)

    def accepts(self, judge):
        return self.code == 0 and not self.names(judge)


def refuses(finding, judge):
    """Whether a finding says that a client refuses: the one place that decides what names a client."""
    words, claim = JUDGES[judge]
    if finding["refused_by"]:
        return any(re.search(claim, one) for one in finding["refused_by"])
    # What is malformed in one of many ways has its clients in the message alone.
    return any(re.search(words, clause) and "read it" not in clause for clause in re.split("[;:]", finding["message"]))

#!/usr/bin/env python3
"""Judge the same certificate chains by certctl, `openssl verify` and plain webpki, side by side.

  chains_peers.py --certctl target/release/certctl LIMBO.json[.xz]…

The files are in the form of C2SP's x509-limbo. A row is a namespace, a column group a judge:
right, false accepts, false rejects, and (for certctl) neither. webpki's verdict is the field
"webpki" that `certctl check -o json` has for each certificate; where that is missing, and in cases
with revocation lists, a depth or a mailbox, which it is not told of, that judge is left out. OpenSSL is left out, and said, where the program is missing.
"""
import argparse, collections, concurrent.futures, datetime, json, lzma, pathlib, shutil, subprocess
import tempfile


def cases(path):
    text = lzma.open(path).read() if path.suffix == ".xz" else path.read_bytes()
    return json.loads(text)["testcases"]


def names(case):
    found = list(case.get("expected_peer_names") or [])
    if case.get("expected_peer_name"):
        found.insert(0, case["expected_peer_name"])
    return found


def files(case, folder):
    """Writes what a case consists of; absent parts have no entry."""
    parts = {
        "roots": case["trusted_certs"],
        "untrusted": case["untrusted_intermediates"],
        "crls": case.get("crls"),
        "leaf": [case["peer_certificate"]],
    }
    paths = {}
    for part, pems in parts.items():
        if pems:
            paths[part] = folder / f"{part}.pem"
            paths[part].write_text("".join(pem.rstrip("\n") + "\n" for pem in pems))
    return paths


def run(argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    return done.returncode, done.stdout


def by_certctl(program, case, paths):
    argv = [program, "check", "-o", "json", "--ca", paths["roots"]]
    argv += ["--usage", "server" if case["validation_kind"] == "SERVER" else "client"]
    for part, flag in [("untrusted", "--untrusted"), ("crls", "--crl")]:
        argv += [flag, paths[part]] if part in paths else []
    if case["validation_time"]:
        argv += ["--at", case["validation_time"]]
    if case["max_chain_depth"] is not None:
        argv += ["--max-depth", str(case["max_chain_depth"])]
    for name in names(case):
        argv += ["--email" if name["kind"] == "RFC822" else "--host", name["value"]]
    code, out = run(argv + [paths["leaf"]])
    verdict = {0: True, 4: False}.get(code)
    try:
        document = json.loads(out)
    except ValueError:
        return verdict, None
    return verdict, field(document, "webpki")


def field(value, name):
    """The first field of that name, however deep."""
    if isinstance(value, dict):
        if name in value:
            said = value[name]
            return said.get("valid") if isinstance(said, dict) else said
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        found = field(item, name)
        if found is not None:
            return found
    return None


def by_openssl(program, case, paths):
    usage = "sslserver" if case["validation_kind"] == "SERVER" else "sslclient"
    argv = [program, "verify", "-purpose", usage, "-policy_check", "-CAfile", paths["roots"], "-no-CApath", "-no-CAstore"]
    argv += ["-untrusted", paths["untrusted"]] if "untrusted" in paths else []
    argv += ["-crl_check_all", "-extended_crl", "-use_deltas", "-CRLfile", paths["crls"]] if "crls" in paths else []
    if case["validation_time"]:
        moment = datetime.datetime.fromisoformat(case["validation_time"].replace("Z", "+00:00"))
        argv += ["-attime", str(int(moment.timestamp()))]
    if case["max_chain_depth"] is not None:
        argv += ["-verify_depth", str(case["max_chain_depth"])]
    flags = {"DNS": "-verify_hostname", "IP": "-verify_ip", "RFC822": "-verify_email"}
    for name in names(case):
        argv += [flags[name["kind"]], name["value"]]
    return run(argv + [paths["leaf"]])[0] == 0


def judge(options, openssl, case):
    with tempfile.TemporaryDirectory(prefix="chains-") as folder:
        paths = files(case, pathlib.Path(folder))
        certctl, webpki = by_certctl(options.certctl, case, paths)
        verdicts = {"certctl": certctl}
        if openssl:
            verdicts["openssl"] = by_openssl(openssl, case, paths)
        mailboxes = any(name["kind"] == "RFC822" for name in names(case))
        asked = case.get("crls") or case["max_chain_depth"] is not None or mailboxes
        if webpki is not None and not asked:
            verdicts["webpki"] = webpki
        return case, verdicts


def outcome(case, verdict):
    if verdict is None:
        return "neither"
    expected = case["expected_result"] == "SUCCESS"
    return "right" if verdict == expected else "false accept" if verdict else "false reject"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--certctl", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tiers", help="a file with lines of TIER and case id: the rows, and the cases")
    parser.add_argument("limbo", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    options.certctl = str(pathlib.Path(shutil.which(options.certctl) or options.certctl).resolve())
    openssl = shutil.which("openssl")
    if openssl is None:
        print("skipped: no openssl")

    tiers = None
    if options.tiers:
        lines = pathlib.Path(options.tiers).read_text().splitlines()
        tiers = {line.split()[-1]: line.split()[0] for line in lines if line.strip()}
    rows = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for path in options.limbo:
        chosen = [case for case in cases(path) if tiers is None or case["id"] in tiers]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for case, verdicts in pool.map(lambda case: judge(options, openssl, case), chosen):
                row = tiers[case["id"]] if tiers else case["id"].split("::")[0]
                for judged, verdict in verdicts.items():
                    rows[row][judged][outcome(case, verdict)] += 1

    kinds = ["right", "false accept", "false reject", "neither"]
    print("| cases | judge | of | " + " | ".join(kinds) + " |\n| --- | --- |" + " ---: |" * (len(kinds) + 1))
    for row, judges in rows.items():
        for judged, counts in judges.items():
            print(f"| {row} | {judged} | {sum(counts.values())} | " + " | ".join(str(counts[kind]) for kind in kinds) + " |")


if __name__ == "__main__":
    main()

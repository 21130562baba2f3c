//! `check --client`, and what a finding says of clients.

use crate::sandbox::Sandbox;

#[test]
fn a_list_of_clients_limits_the_findings_and_the_clients_that_they_name() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    // The CA of gen.sh has no keyUsage: Python 3.13 and pyca refuse it, Go does not.
    let cases = [
        ("", true, "refused by `openssl verify -x509_strict`, Python 3.13 and later and pyca"),
        ("--client python", true, "refused by Python 3.13 and later"),
        ("--client go,rustls", false, ""),
        ("--client go --client pyca", true, "refused by pyca"),
        ("--client PYCA", true, "refused by pyca"),
    ];

    for (flags, is_reported, text) in cases {
        let run = sandbox.certctl(&format!("check server {flags}"));
        run.code(0);
        assert_eq!(
            run.stdout().contains("[ca-key-usage]"),
            is_reported,
            "{flags}\n{}",
            run.stdout()
        );
        assert!(run.stdout().contains(text), "{flags}\n{}", run.stdout());
        let says_so = run.stderr().contains("findings not shown");
        assert_eq!(says_so, !flags.is_empty(), "{flags}\n{}", run.stderr());
    }
}

/// What every client refuses stays, and so does what is not about clients.
#[test]
fn a_list_of_clients_hides_no_expiry_and_no_missing_key() {
    let sandbox = Sandbox::with_gen("");
    let later = "--at 2099-01-01T00:00:00Z";
    sandbox.certctl(&format!("check server --client curl {later}")).code(4).stdout_has("[expired]");
    sandbox.remove("server.key");
    sandbox.certctl("check server --client curl").code(0).stdout_has("[key-missing]");
}

#[test]
fn an_unknown_client_is_named_with_those_that_are_known() {
    let run = Sandbox::with_gen("").certctl("check --client opensl");
    run.code(2)
        .stderr_has("`opensl` is not a client that certctl knows")
        .stderr_has("openssl, gnutls");
}

#[test]
fn json_has_the_defect_and_the_ids_of_the_table() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let report = sandbox.certctl("check server -o json").json();
    let findings = report["certificates"][0]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["rule"] == "ca-key-usage").unwrap();
    assert_eq!(finding["defect"], "ca-key-usage");
    let ids: Vec<&str> =
        finding["refused_by"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(
        ids,
        ["ca-key-usage/openssl-strict", "ca-key-usage/python-3.13", "ca-key-usage/pyca"]
    );

    let table = sandbox.certctl("explain ca-key-usage -o json").json().to_string();
    for id in ids {
        assert!(table.contains(&format!("\"{id}\"")), "{id}: {table}");
    }
}

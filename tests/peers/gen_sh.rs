//! Sets that gen.sh made (like_gen.sh): certctl goes on with them, and tells what they lack.

use std::fs;

use crate::{
    der::dump,
    peer::{fixture, have, run},
    sandbox::Sandbox,
};

/// Whole subjects and what the script was told as the name.
const SCRIPTED: [(&str, &str); 3] = [
    ("/CN=localhost", "localhost"),
    ("/C=US/ST=CA/L=Redwood City/O=zilliz/OU=devops/CN=localhost", "localhost"),
    ("/C=US/ST=CA/L=Redwood City/O=zilliz/OU=devops/CN=127.0.0.1", "127.0.0.1"),
];

fn scripted(subject: &str, name: &str) -> Sandbox {
    println!("{subject}");
    let sandbox = Sandbox::new();
    sandbox.run("sh", &[&fixture("like_gen.sh"), subject, name]).code(0);
    sandbox
}

fn verify(sandbox: &Sandbox, arguments: &str) {
    run(sandbox, &format!("openssl verify -CAfile ca.pem {arguments}")).code(0);
}

#[test]
fn a_set_of_gen_sh_is_renewed_as_it_is_and_the_client_is_told_how_to_be_one() {
    if !have(&["openssl"]) {
        return;
    }
    for (subject, name) in SCRIPTED {
        let sandbox = scripted(subject, name);
        let before = ["server.pem", "client.pem"].map(|file| dump(&sandbox, file));

        let renewed = sandbox.certctl("renew");

        renewed
            .code(0)
            .stderr_has("client.pem allows serverAuth only")
            .stderr_has("certctl renew client --usage client");
        if name == "127.0.0.1" {
            renewed.stderr_has("server.pem has the SAN `DNS:127.0.0.1`");
        }
        assert_eq!(["server.pem", "client.pem"].map(|file| dump(&sandbox, file)), before);
        verify(&sandbox, "-purpose sslserver server.pem");
        run(&sandbox, "openssl verify -CAfile ca.pem -purpose sslclient client.pem").code(2);

        sandbox.certctl("renew client --usage client").code(0);

        verify(&sandbox, "-purpose sslclient client.pem");
        run(&sandbox, "openssl verify -CAfile ca.pem -purpose sslserver client.pem").code(2);
        sandbox.certctl("renew").code(0).stderr_lacks("--usage client");
    }
}

#[test]
fn the_name_that_no_client_can_match_is_dropped_by_the_command_that_is_told() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = scripted("/CN=127.0.0.1", "127.0.0.1");
    let address = "-purpose sslserver -verify_ip 127.0.0.1 server.pem";
    run(&sandbox, &format!("openssl verify -CAfile ca.pem {address}")).code(2);
    let told = "certctl renew server --drop-san 'DNS:127.0.0.1' --san 127.0.0.1";
    sandbox.certctl("renew").code(0).stderr_has(told);

    sandbox.sh(&told.replace("certctl", "\"$CERTCTL\"")).code(0);

    verify(&sandbox, address);
}

#[test]
fn renew_ca_adds_what_the_ca_of_gen_sh_lacks_and_keeps_all_else() {
    if !have(&["openssl"]) {
        return;
    }
    for (subject, name) in SCRIPTED {
        let sandbox = scripted(subject, name);
        let leaves = sandbox.digest();
        run(&sandbox, "openssl verify -x509_strict -CAfile ca.pem server.pem")
            .code(2)
            .stderr_has("CA cert does not include key usage extension");
        sandbox.certctl("renew --dry-run").code(0).stderr_has("certctl renew ca");
        let shown = "openssl x509 -noout -subject -pubkey -in ca.pem \
                     -ext subjectKeyIdentifier,authorityKeyIdentifier,basicConstraints";
        let (before, extensions) = (run(&sandbox, shown).stdout(), dump(&sandbox, "ca.pem"));

        sandbox.certctl("renew ca").code(0);

        assert_eq!(run(&sandbox, shown).stdout(), before);
        run(&sandbox, "openssl x509 -noout -ext keyUsage -in ca.pem")
            .stdout_has("Key Usage: critical")
            .stdout_has("Certificate Sign, CRL Sign");
        let mut without = dump(&sandbox, "ca.pem");
        let at = without.iter().position(|line| line.contains("Key Usage")).unwrap();
        // Its SEQUENCE before it; behind it the criticality and the value.
        without.drain(at - 1..at + 3);
        assert_eq!(without, extensions, "nothing else");

        let files = sandbox.digest();
        for (file, content) in leaves.iter().filter(|(file, _)| *file != "ca.pem") {
            assert_eq!(files.get(file), Some(content), "{file} is left alone");
        }
        verify(&sandbox, "-x509_strict -purpose sslserver server.pem");
        verify(&sandbox, "-x509_strict client.pem ca.pem");
        sandbox.certctl("renew server client").code(0).stderr_lacks("certctl renew ca");
        verify(&sandbox, "-x509_strict -purpose sslserver server.pem");
    }
}

#[test]
fn a_directory_that_holds_only_the_ca_of_gen_sh_gets_server_and_client_named_by_it() {
    if !have(&["openssl"]) {
        return;
    }
    for (subject, name) in SCRIPTED {
        let sandbox = scripted(subject, name);
        for file in ["server.key", "server.pem", "client.key", "client.pem"] {
            fs::remove_file(sandbox.path(file)).unwrap();
        }
        let last = sandbox.text("ca.srl");

        sandbox.certctl("renew").code(0);

        let names =
            ["ca.key", "ca.pem", "ca.srl", "client.key", "client.pem", "server.key", "server.pem"];
        assert_eq!(sandbox.files(), names);
        assert_ne!(sandbox.text("ca.srl"), last);
        let check = if name == "localhost" { "hostname" } else { "ip" };
        verify(&sandbox, &format!("-purpose sslserver -verify_{check} {name} server.pem"));
        verify(&sandbox, "-purpose sslclient client.pem");
        for leaf in ["server.pem", "client.pem"] {
            let shown =
                run(&sandbox, &format!("openssl x509 -noout -subject -nameopt compat -in {leaf}"));
            assert_eq!(shown.stdout(), format!("subject={subject}\n"), "{leaf}");
        }
    }
}

#[test]
fn a_ca_elsewhere_signs_and_counts_there() {
    if !have(&["openssl"]) {
        return;
    }
    let (subject, name) = SCRIPTED[1];
    let sandbox = Sandbox::new();
    let script = format!(
        "mkdir pki leaves; cd pki; sh {} '{subject}' {name}; mv server.* client.* ../leaves",
        fixture("like_gen.sh")
    );
    sandbox.sh(&script).code(0);
    let (before, last) = (dump(&sandbox, "leaves/server.pem"), sandbox.text("pki/ca.srl"));

    sandbox.certctl("-d leaves --ca pki/ca.pem --ca-key pki/ca.key renew").code(0);

    assert_eq!(dump(&sandbox, "leaves/server.pem"), before);
    assert_ne!(sandbox.text("pki/ca.srl"), last);
    let files = [
        "leaves/client.key",
        "leaves/client.pem",
        "leaves/server.key",
        "leaves/server.pem",
        "pki/ca.key",
        "pki/ca.pem",
        "pki/ca.srl",
    ];
    assert_eq!(sandbox.files(), files);
    run(&sandbox, "openssl verify -CAfile pki/ca.pem leaves/server.pem leaves/client.pem").code(0);
}

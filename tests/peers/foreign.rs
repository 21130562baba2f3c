//! What openssl made, certctl goes on with: CAs with every sort of name, and leaves that bear what
//! certctl would not write.

use crate::{
    der::{dump, names},
    peer::{KINDS, fixture, have, run},
    sandbox::Sandbox,
    stacks,
};

/// What a CA is called, as an openssl configuration says it; the string type; what shows it is there.
const CAS: [(&str, &str, &[u8], &str); 9] = [
    ("two OUs", UTF8, b"O = x\n0.OU = one\n1.OU = two\nCN = ca", "UTF8STRING        :two"),
    (
        "three DCs",
        UTF8,
        b"0.DC = com\n1.DC = example\n2.DC = pki\nCN = ca",
        "IA5STRING         :pki",
    ),
    ("a multi-valued RDN", UTF8, b"O = x\nCN = ca\n+UID = 7\n+OU = b", "UTF8STRING        :7"),
    ("Latin-1 T61String", "MASK:0x4\nutf8 = no", b"O = M\xfcnchen\nCN = ca \xe9", "T61STRING"),
    ("BMPString", "MASK:0x800\nutf8 = yes", "O = München\nCN = ca Ω".as_bytes(), "BMPSTRING"),
    (
        "an e-mail address",
        UTF8,
        b"CN = ca\nemailAddress = ca@example.com",
        "IA5STRING         :ca@",
    ),
    ("PrintableString", "MASK:0x2", b"C = DE\nO = x\nCN = ca", "PRINTABLESTRING   :ca"),
    ("UTF8String", UTF8, "C = DE\nO = München\nCN = ca 中".as_bytes(), "UTF8STRING"),
    ("no common name", UTF8, b"O = x\nOU = y", "UTF8STRING        :y"),
];

const UTF8: &str = "utf8only\nutf8 = yes";

/// As `-pkeyopt` takes them, in the order of [`KINDS`].
const ALGORITHMS: [&str; 2] = ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256"];

#[test]
fn the_issuer_is_the_subject_of_the_ca_octet_by_octet_and_everyone_agrees() {
    if !have(&["openssl", "certtool", "go"]) {
        return;
    }
    for (what, string_type, name, shown) in CAS {
        for (algorithm, kind) in ALGORITHMS.into_iter().zip(KINDS) {
            println!("{what}, {kind}");
            let sandbox = Sandbox::new();
            make_ca(&sandbox, algorithm, string_type, name);
            assert!(dump(&sandbox, "ca.pem").iter().any(|line| line.contains(shown)), "{what}");

            sandbox.certctl("renew --cn localhost").code(0);

            let (_, subject) = names(&sandbox, "ca.pem");
            for leaf in ["server.pem", "client.pem"] {
                assert_eq!(names(&sandbox, leaf).0, subject, "{leaf}");
                run(&sandbox, &format!("openssl verify -x509_strict -CAfile ca.pem {leaf}"))
                    .code(0);
                run(&sandbox, &format!("certtool --verify --verify-profile=medium --load-ca-certificate ca.pem --infile {leaf}")).code(0);
            }
            stacks::go(&sandbox);
        }
    }
}

fn make_ca(sandbox: &Sandbox, algorithm: &str, string_type: &str, name: &[u8]) {
    let head = format!(
        "[req]\nprompt = no\ndistinguished_name = dn\nx509_extensions = ext\nstring_mask = {string_type}\n\
         [ext]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n\
         subjectKeyIdentifier = hash\n[dn]\n"
    );
    sandbox.write("ca.cnf", [head.as_bytes(), name, b"\n"].concat());
    run(sandbox, &format!("openssl req -x509 -config ca.cnf -newkey {algorithm} -nodes -days 5000 -keyout ca.key -out ca.pem")).code(0);
}

#[test]
fn renewing_a_foreign_leaf_loses_nothing() {
    if !have(&["openssl"]) {
        return;
    }
    let rows = [
        (
            "an unknown extension",
            "1.2.3.4.5 = ASN1:UTF8String:hello\nsubjectAltName = DNS:localhost",
        ),
        (
            "a critical unknown extension",
            "1.2.3.4.5 = critical,DER:0500\nsubjectAltName = DNS:localhost",
        ),
        ("a critical SAN", "subjectAltName = critical,DNS:b.example,DNS:localhost,IP:127.0.0.1"),
        (
            "every sort of name",
            "subjectAltName = dirName:dir,DNS:localhost,email:a@b.example,URI:spiffe://x/y,RID:1.2.3,otherName:1.2.3.4;UTF8:u,IP:::1",
        ),
        (
            "what gen.sh marks",
            "basicConstraints = CA:FALSE\nkeyUsage = digitalSignature,nonRepudiation,keyEncipherment\nextendedKeyUsage = serverAuth\nsubjectAltName = DNS:localhost",
        ),
        (
            "all that openssl knows",
            "keyUsage = critical,digitalSignature,dataEncipherment\nextendedKeyUsage = critical,clientAuth,1.2.3.9,serverAuth\nsubjectAltName = DNS:localhost\ncertificatePolicies = 1.2.3.4\ncrlDistributionPoints = URI:http://ca.example/crl\nauthorityInfoAccess = OCSP;URI:http://ca.example/ocsp\ntlsfeature = status_request\nnsComment = old",
        ),
        ("no SAN at all", "extendedKeyUsage = clientAuth"),
    ];
    for (what, extensions) in rows {
        for (algorithm, kind) in ALGORITHMS.into_iter().zip(KINDS) {
            println!("{what}, {kind}");
            let sandbox = Sandbox::new();
            make_ca(&sandbox, algorithm, "MASK:0x4\nutf8 = no", b"O = M\xfcnchen\nCN = ca");
            make_leaf(&sandbox, algorithm, extensions);
            let before = dump(&sandbox, "redis.pem");
            let public_key = run(&sandbox, "openssl x509 -noout -pubkey -in redis.pem").stdout();

            let renewed = sandbox.certctl("renew redis");

            renewed.code(0);
            if what == "a critical unknown extension" {
                renewed.stderr_has("redis.pem is refused as the one before was");
            }
            assert_eq!(dump(&sandbox, "redis.pem"), before, "{what}, {kind}");
            let renewed = run(&sandbox, "openssl x509 -noout -pubkey -in redis.pem").stdout();
            assert_ne!(renewed, public_key, "the key is new");
        }
    }
}

/// `redis.pem` and its key, with a subject of several OUs and string types.
fn make_leaf(sandbox: &Sandbox, algorithm: &str, extensions: &str) {
    let head = format!(
        "[req]\nprompt = no\ndistinguished_name = dn\nstring_mask = MASK:0x4\nutf8 = no\n\
         [dir]\nC = DE\nO = directory\n\
         [ext]\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n{extensions}\n\
         [dn]\nC = DE\n0.DC = example\n0.OU = b\n1.OU = a\n+UID = 7\n"
    );
    sandbox.write("leaf.cnf", [head.as_bytes(), b"CN = K\xf6ln\n"].concat());
    let script = format!(
        "openssl req -new -config leaf.cnf -newkey {algorithm} -nodes -keyout redis.key -out redis.csr
         openssl x509 -req -in redis.csr -CA ca.pem -CAkey ca.key -CAserial ca.srl -CAcreateserial -days 90 \\
           -extfile leaf.cnf -extensions ext -out redis.pem"
    );
    sandbox.sh(&script).code(0);
}

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
            renewed.stderr_has("server.pem bears `DNS:127.0.0.1`");
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
        let shown = "openssl x509 -noout -subject -pubkey -ext subjectKeyIdentifier,authorityKeyIdentifier,basicConstraints -in ca.pem";
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
            std::fs::remove_file(sandbox.path(file)).unwrap();
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

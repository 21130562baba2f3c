//! Requests: other programs read and sign ours, and certctl signs theirs.

use crate::{
    der,
    peer::{have, run, set},
    sandbox::Sandbox,
};

const KINDS: [&str; 6] =
    ["rsa:2048", "rsa:3072", "rsa:4096", "ecdsa:p256", "ecdsa:p384", "ed25519"];

/// What openssl and GnuTLS show of a request for these names.
const NAMES: &str = "web.example 10.0.0.1 2001:db8::1 --san a@b.example,urn:x:y";

#[test]
fn openssl_reads_what_csr_makes_of_every_kind_of_key() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.write("certctl.toml", "[subject]\norganization = 'Ö'\norg_unit = ['one', 'two']\n");
    for kind in KINDS {
        let name = kind.replace(':', "-");
        sandbox
            .certctl(&format!("csr {name} {NAMES} --usage peer --key-type {kind}"))
            .code(0)
            .stderr_is("");

        let shown = run(
            &sandbox,
            &format!("openssl req -verify -noout -text -nameopt RFC2253 -in {name}.csr"),
        );
        shown
            .code(0)
            .stderr_has("verify OK")
            .stdout_has("Version: 1 (0x0)")
            .stdout_has(r"Subject: CN=web.example,OU=two,OU=one,O=\C3\96")
            .stdout_has("TLS Web Server Authentication, TLS Web Client Authentication")
            .stdout_has(
                "DNS:web.example, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, \
                 email:a@b.example, URI:urn:x:y",
            );
        let of_key = run(&sandbox, &format!("openssl pkey -pubout -in {name}.key"));
        let of_request = run(&sandbox, &format!("openssl req -noout -pubkey -in {name}.csr"));
        assert_eq!(of_key.code(0).stdout(), of_request.code(0).stdout(), "{kind}");
    }
}

#[test]
fn gnutls_reads_what_csr_makes_of_every_kind_of_key() {
    if !have(&["certtool"]) {
        return;
    }
    let sandbox = Sandbox::new();
    for kind in KINDS {
        let name = kind.replace(':', "-");
        sandbox.certctl(&format!("csr {name} {NAMES} --key-type {kind}")).code(0);
        run(&sandbox, &format!("certtool --crq-info --infile {name}.csr"))
            .code(0)
            .stdout_has("Self signature: verified")
            .stdout_has("Subject: CN=web.example")
            .stdout_has("TLS WWW Server.")
            .stdout_has("DNSname: web.example")
            .stdout_has("IPAddress: 10.0.0.1")
            .stdout_has("RFC822Name: a@b.example");
    }
}

#[test]
fn openssl_signs_what_csr_makes_and_the_certificate_serves() {
    if !have(&["openssl"]) {
        return;
    }
    let ca = set("ecdsa:p256");
    for kind in KINDS {
        let name = kind.replace(':', "-");
        ca.certctl(&format!("csr {name} web.example 10.0.0.1 --key-type {kind}")).code(0);
        run(
            &ca,
            &format!(
                "openssl x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAserial ca.srl \
                 -copy_extensions copyall -days 9 -out {name}.pem"
            ),
        )
        .code(0);
        let line = format!(
            "openssl verify -CAfile ca.pem -purpose sslserver -verify_hostname web.example {name}.pem"
        );
        run(&ca, &line).code(0);
        // It is a pair: the key that was made with the request belongs to it.
        ca.certctl(&format!("check {name} --usage server --host 10.0.0.1")).code(0);
    }
}

/// Sections of a configuration of openssl.
const CONFIG: &str = "\
[req]
prompt = no
string_mask = MASK
distinguished_name = name
req_extensions = asked
utf8 = yes
[name]
C = DE
O = Beispiel Ö
0.OU = one
1.OU = two
CN = web.example
emailAddress = ops@web.example
[asked]
subjectKeyIdentifier = hash
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment, keyAgreement
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = email:copy, DNS:web.example, DNS:*.web.example, IP:10.0.0.1, URI:urn:x:y
";

#[test]
fn certctl_signs_what_openssl_makes_and_strict_openssl_accepts_it() {
    if !have(&["openssl"]) {
        return;
    }
    let keys = [
        "rsa -pkeyopt rsa_keygen_bits:2048",
        // A size that certctl does not make.
        "rsa -pkeyopt rsa_keygen_bits:2304",
        "ec -pkeyopt ec_paramgen_curve:P-256",
        "ec -pkeyopt ec_paramgen_curve:P-384",
        "ed25519",
    ];
    let ca = set("ecdsa:p256");
    let mut count = 0;
    let mut sign = |line: &str, mask: &str, form: &str| {
        count += 1;
        let name = format!("web{count}");
        ca.write("openssl.cnf", CONFIG.replace("MASK", mask));
        run(
            &ca,
            &format!(
                "openssl req -new -nodes -config openssl.cnf -newkey {line} -keyout {name}.secret \
                 -outform {form} -out {name}.csr"
            ),
        )
        .code(0);
        ca.certctl(&format!("sign {name}.csr --usage peer --accept-names")).code(0).stderr_is("");

        for purpose in ["sslserver", "sslclient"] {
            let verify = "openssl verify -x509_strict -no-CAstore -no-CApath -CAfile ca.pem";
            run(&ca, &format!("{verify} -purpose {purpose} -verify_ip 10.0.0.1 {name}.pem"))
                .code(0);
        }
        assert_eq!(der::names(&ca, &format!("{name}.pem")).1, der::subject(&ca, &name), "{line}");
        run(&ca, &format!("openssl x509 -noout -ext subjectAltName -in {name}.pem"))
            .code(0)
            .stdout_has(
                "email:ops@web.example, DNS:web.example, DNS:*.web.example, \
                 IP Address:10.0.0.1, URI:urn:x:y",
            );
        let of_key = run(&ca, &format!("openssl pkey -pubout -in {name}.secret"));
        let of_certificate = run(&ca, &format!("openssl x509 -noout -pubkey -in {name}.pem"));
        assert_eq!(of_key.code(0).stdout(), of_certificate.code(0).stdout(), "{line}");
    };
    for key in keys {
        for mask in ["utf8only", "default"] {
            sign(key, mask, "PEM");
        }
    }
    sign(keys[2], "utf8only", "DER");
    sign(&format!("{} -sha384", keys[0]), "utf8only", "DER");
    let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
    sign(&format!("{} {pss}", keys[0]), "default", "PEM");
}

#[test]
fn certctl_refuses_what_openssl_makes_and_no_ca_should_sign() {
    if !have(&["openssl"]) {
        return;
    }
    let good = "ec -pkeyopt ec_paramgen_curve:P-256";
    let cases = [
        (good, "-addext basicConstraints=critical,CA:TRUE", "asks to be a CA"),
        (good, "-addext keyUsage=keyCertSign", "keyUsage keyCertSign"),
        (good, "-addext keyUsage=digitalSignature,cRLSign", "keyUsage cRLSign"),
        (good, "-addext nameConstraints=permitted;DNS:a.b", "the extension nameConstraints"),
        (good, "-addext tlsfeature=status_request", "the extension tlsFeature"),
        (good, "-addext 1.2.3.4=ASN1:NULL", "the extension 1.2.3.4"),
        (good, "-sha1", "SHA-1, which is broken"),
        ("rsa:1024", "", "rsa:1024, which is too short"),
        ("rsa -pkeyopt rsa_keygen_pubexp:3", "", "its public exponent is 3"),
        ("ec -pkeyopt ec_paramgen_curve:P-521", "", "of type ecdsa:p521"),
        ("ec -pkeyopt ec_paramgen_curve:secp256k1", "", "of type ecdsa:secp256k1"),
        (
            "ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            "",
            "of type ecdsa:explicit",
        ),
        ("ed448", "", "of type ed448"),
        ("rsa-pss -pkeyopt rsa_keygen_bits:2048", "", "of type rsassa-pss"),
    ];
    let ca = set("ecdsa:p256");
    for (key, more, message) in cases {
        let line = format!(
            "openssl req -new -nodes -newkey {key} -subj /CN=web.example {more} \
             -keyout web.secret -out web.csr"
        );
        run(&ca, &line).code(0);
        let before = ca.digest();
        let answer = ca.certctl("sign web.csr --usage server --accept-names");
        answer.code(1).stdout_is("").stderr_has(message);
        assert_eq!(ca.digest(), before, "{key} {more}");
    }
}

#[test]
fn certctl_signs_what_gnutls_makes_and_gnutls_accepts_it() {
    if !have(&["certtool"]) {
        return;
    }
    let ca = set("ecdsa:p256");
    ca.write(
        "template",
        "cn = \"web.example\"\nunit = \"one\"\nunit = \"two\"\norganization = \"O\"\n\
         dns_name = \"web.example\"\nip_address = \"10.0.0.1\"\nemail = \"a@web.example\"\n\
         tls_www_server\nsigning_key\n",
    );
    for (name, key) in [
        ("rsa", "--key-type=rsa --bits=2048"),
        ("p384", "--key-type=ecdsa --curve=secp384r1"),
        ("ed25519", "--key-type=ed25519"),
    ] {
        run(&ca, &format!("certtool --generate-privkey {key} --outfile {name}.secret")).code(0);
        let line = format!(
            "certtool --generate-request --load-privkey {name}.secret --template template \
             --outfile {name}.csr"
        );
        run(&ca, &line).code(0);
        ca.certctl(&format!("sign {name}.csr --usage server --accept-names")).code(0).stderr_is("");
        assert_eq!(der::names(&ca, &format!("{name}.pem")).1, der::subject(&ca, name), "{name}");

        let verify = "certtool --verify --verify-profile=medium --load-ca-certificate ca.pem";
        let purpose = "--verify-purpose=1.3.6.1.5.5.7.3.1";
        for host in ["web.example", "10.0.0.1"] {
            run(&ca, &format!("{verify} {purpose} --verify-hostname={host} --infile {name}.pem"))
                .code(0)
                .stdout_has("Verified. The certificate is trusted.");
        }
    }
}

#[test]
fn a_java_keystore_takes_the_answer_to_its_request() {
    if !have(&["keytool"]) {
        return;
    }
    let ca = set("ecdsa:p256");
    let keytool = |words: &[&str]| {
        let store = ["-keystore", "store.p12", "-storepass", "secret7", "-alias", "web"];
        ca.run("keytool", &[words, &store].concat()).code(0);
    };
    let name = "CN=web.example,OU=one,OU=two,O=Ö";
    keytool(&["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", name]);
    let names = "san=dns:web.example,ip:10.0.0.1";
    keytool(&["-certreq", "-ext", names, "-ext", "eku=serverAuth", "-file", "web.csr"]);

    ca.certctl("sign web.csr --usage server --accept-names").code(0).stderr_is("");

    assert_eq!(der::names(&ca, "web.pem").1, der::subject(&ca, "web"));
    let chain = [ca.read("web.pem"), ca.read("ca.pem")].concat();
    ca.write("chain.pem", chain);
    // keytool takes a reply only for the key that it has, and only with a chain that holds.
    keytool(&["-importcert", "-noprompt", "-file", "chain.pem"]);
}

//! `certctl issue`: one more identity under the CA.

use crate::{
    cert::{CLIENT_AUTH, Cert, SERVER_AUTH},
    sandbox::Sandbox,
};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

#[test]
fn the_first_host_is_the_common_name_else_the_name() {
    let cases: [(&str, &str, &[&str], &[&str]); 8] = [
        ("redis", "redis", &["DNS:redis"], &[SERVER_AUTH]),
        (
            "redis r.example 10.0.0.1",
            "r.example",
            &["DNS:r.example", "IP:10.0.0.1"],
            &[SERVER_AUTH],
        ),
        (
            "redis --cn c.example r.example",
            "c.example",
            &["DNS:c.example", "DNS:r.example"],
            &[SERVER_AUTH],
        ),
        ("redis --usage client", "redis", &["DNS:redis"], &[CLIENT_AUTH]),
        ("redis --usage peer a.b", "a.b", &["DNS:a.b"], &[SERVER_AUTH, CLIENT_AUTH]),
        (
            "redis --san a.b,10.0.0.1",
            "redis",
            &["DNS:redis", "DNS:a.b", "IP:10.0.0.1"],
            &[SERVER_AUTH],
        ),
        (
            "redis localhost --usage peer",
            "localhost",
            &["DNS:localhost", "IP:127.0.0.1", "IP:::1"],
            &[SERVER_AUTH, CLIENT_AUTH],
        ),
        (
            "job --usage client --cn a@b.example",
            "a@b.example",
            &["email:a@b.example"],
            &[CLIENT_AUTH],
        ),
    ];

    for (line, common_name, names, purposes) in cases {
        let sandbox = with_ca();
        sandbox.certctl(&format!("issue {line} --key-type ecdsa:p256")).code(0);
        let name = line.split(' ').next().unwrap();
        let cert = Cert::read(&sandbox, &format!("{name}.pem"));
        assert_eq!(cert.common_name(), common_name, "{line}");
        assert_eq!(cert.names(), names, "{line}");
        assert_eq!(cert.purposes(), purposes, "{line}");
        assert_eq!(cert.serial(), sandbox.text("ca.srl").trim(), "{line}");
        assert_eq!(sandbox.mode(&format!("{name}.key")), 0o600, "{line}");
    }
}

#[test]
fn a_client_needs_no_name_and_a_server_does() {
    let sandbox = with_ca();
    sandbox.certctl_args(&["issue", "a", "--usage", "client", "--cn", "Alice A"]).code(0);
    assert!(Cert::read(&sandbox, "a.pem").names().is_empty());

    let before = sandbox.digest();
    for usage in ["server", "peer"] {
        sandbox
            .certctl_args(&["issue", "b", "--usage", usage, "--cn", "Bob B"])
            .code(2)
            .stderr_has("`Bob B`")
            .stderr_has("hint: ");
    }
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn the_set_that_is_there_is_not_touched() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    sandbox.certctl("issue redis --key-type ecdsa:p256").code(0);

    for (file, content) in sandbox.digest() {
        match before.get(&file) {
            Some(old) => assert_eq!(content == *old, file != "ca.srl", "{file}"),
            None => assert!(["redis.key", "redis.pem"].contains(&&*file), "{file}"),
        }
    }
}

#[test]
fn a_name_that_is_there_is_refused_in_any_case() {
    let sandbox = with_ca();
    sandbox.certctl("issue redis --key-type ecdsa:p256").code(0);
    let before = sandbox.digest();

    for name in ["redis", "REDIS", "server", "Client"] {
        sandbox
            .certctl(&format!("issue {name} --key-type ecdsa:p256"))
            .code(1)
            .stderr_has("already exist")
            .stderr_has("certctl renew");
    }
    sandbox.write("half.key", "x");
    sandbox.certctl("issue half").code(1).stderr_has("`half.key`");
    sandbox.remove("half.key");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn what_is_no_name_of_an_identity_is_a_usage_error() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    let (long, longest) = ("a".repeat(64), "a".repeat(63));

    for name in [
        "", ".", "..", "../x", "/abs", "a/b", ".x", "_x", "a b", "a\nb", "ü", "CA", "ca", "archive",
    ]
    .into_iter()
    .chain(["CON", "nul.txt", &long])
    {
        sandbox.certctl_args(&["issue", name, "a.b"]).code(2).stdout_is("");
    }
    assert_eq!(sandbox.digest(), before);
    for name in ["0", "a.b_c-d", &longest] {
        sandbox.certctl_args(&["issue", name, "a.b", "--key-type", "ecdsa:p256"]).code(0);
    }
}

#[test]
fn without_a_ca_nothing_is_made() {
    let sandbox = Sandbox::new();
    for command in ["issue redis", "renew", "renew ca", "renew server"] {
        sandbox
            .certctl(command)
            .code(1)
            .stderr_has("no CA in this directory: `ca.pem` does not exist")
            .stderr_has("certctl gen");
    }
    sandbox.certctl("-d nowhere issue redis").code(1).stderr_has("nowhere/ca.pem");
    assert!(sandbox.files().is_empty() && !sandbox.path("nowhere").exists());
}

#[test]
fn days_and_key_type_come_from_flag_file_and_gen_sh() {
    let sandbox = with_ca();
    sandbox.certctl("issue one").code(0);
    let cert = Cert::read(&sandbox, "one.pem");
    assert_eq!(cert.seconds(), 3650 * 86_400 + 300);
    assert_eq!(cert.key_bits().len(), 270, "RSA 2048");

    sandbox.write(
        "certctl.toml",
        "[defaults]\ndays = 7\nkey_type = 'ecdsa:p384'\n[subject]\norg='O'\n",
    );
    sandbox.certctl("issue two").code(0);
    let cert = Cert::read(&sandbox, "two.pem");
    assert_eq!((cert.seconds(), cert.key_bits().len()), (7 * 86_400 + 300, 97));
    assert_eq!(cert.values("2.5.4.10"), ["O"]);

    sandbox.certctl("issue three --days 9 --key-type ecdsa:p256").code(0);
    let cert = Cert::read(&sandbox, "three.pem");
    assert_eq!((cert.seconds(), cert.key_bits().len()), (9 * 86_400 + 300, 65));
}

#[test]
fn a_ca_elsewhere_signs_into_this_directory() {
    let home = with_ca();
    let sandbox = Sandbox::new();
    let ca = home.path("ca.pem").display().to_string();
    let line = format!("-d new issue redis --key-type ecdsa:p256 --ca {ca}");
    sandbox.certctl(&line).code(0);

    assert_eq!(sandbox.files(), ["new/redis.key", "new/redis.pem"]);
    let cert = Cert::read(&sandbox, "new/redis.pem");
    assert_eq!(cert.serves_below(&Cert::read(&home, "ca.pem")), Ok(()));
    assert_eq!(cert.serial(), home.text("ca.srl").trim(), "ca.srl is beside the CA certificate");
}

#[test]
fn server_and_client_are_made_below_a_ca_elsewhere() {
    let home = with_ca();
    home.write("keys/root.key", home.text("ca.key"));
    home.remove("ca.key");
    home.set_mode("keys/root.key", 0o600);
    let sandbox = Sandbox::new();
    let [ca, key] = ["ca.pem", "keys/root.key"].map(|file| home.path(file).display().to_string());

    let line = format!("gen db.example --key-type ecdsa:p256 --ca {ca} --ca-key {key}");
    sandbox.certctl(&line).code(0);

    assert_eq!(sandbox.files(), ["client.key", "client.pem", "server.key", "server.pem"]);
    let ca = Cert::read(&home, "ca.pem");
    assert_eq!(Cert::read(&sandbox, "server.pem").serves_below(&ca), Ok(()));
    assert_eq!(Cert::read(&sandbox, "client.pem").is_client_below(&ca), Ok(()));
    sandbox.certctl(&line).code(1).stderr_has("already exist");
}

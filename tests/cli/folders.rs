//! What is due in a folder of the directory, in a format that is not read, or not valid yet, is named.

use crate::{
    cert::Cert,
    due::{dated, issue_as},
    sandbox::Sandbox,
};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// Certificate, key, and a part of the hint.
const FOLDERS: [(&str, &str, &str); 6] = [
    // minica.
    (
        "web.example/cert.pem",
        "web.example/key.pem",
        "`mv web.example/cert.pem web.example.pem`, `mv web.example/key.pem web.example.key`",
    ),
    // certbot.
    ("live/web.example/cert.pem", "live/web.example/privkey.pem", "web.example.pem"),
    // lego.
    (
        "certificates/web.example.crt",
        "certificates/web.example.key",
        "`mv certificates/web.example.crt web.example.pem`",
    ),
    ("redis/tls.crt", "redis/tls.key", "`certctl renew tls`"),
    ("a/b/c/d/e/f/g/h/server.pem", "a/key", "`certctl renew server-2`"),
    ("private/web.crt", "private/web.key", "`certctl renew web`"),
];

#[test]
fn what_is_due_in_a_folder_is_named_with_what_to_do() {
    for (certificate, key, hint) in FOLDERS {
        let sandbox = with_ca();
        issue_as(&sandbox, 5, certificate, Some(key));
        let before = sandbox.digest();

        let run = sandbox.certctl("-q renew --expires-within 30d");

        run.code(3).stderr_has(&format!("`{certificate}` expires on ")).stderr_has(hint);
        sandbox.certctl("renew --dry-run --expires-within 30d").code(3);
        sandbox.certctl("status --expires-within 30d").code(3).stdout_has("due; other layout");
        assert_eq!(sandbox.digest(), before, "{certificate}");
        sandbox.certctl("-q renew --expires-within 2d").code(0).stderr_is("");

        let stderr = run.stderr();
        let hint = stderr.lines().find(|line| line.starts_with("hint: ")).unwrap();
        for command in hint.split('`').skip(1).step_by(2) {
            sandbox.sh(&command.replace("certctl", "\"$CERTCTL\"")).code(0);
        }
        sandbox.certctl("-q renew --expires-within 2d").code(0).stderr_is("");
    }
}

#[test]
fn what_is_kept_aside_is_no_concern() {
    let sandbox = with_ca();
    for folder in
        ["archive", "archive/20200101T000000Z", ".git", "a/archive", "a/.old", "lost+found"]
    {
        issue_as(&sandbox, 5, &format!("{folder}/web.pem"), None);
    }
    // A link out of the directory, and one that leads back.
    let other = Sandbox::new();
    other.write("web.pem", sandbox.read("archive/web.pem"));
    std::os::unix::fs::symlink(other.dir(), sandbox.path("out")).unwrap();
    std::os::unix::fs::symlink("..", sandbox.path("a/up")).unwrap();
    // Other files have no certificate.
    sandbox.write("a/README.md", "# Notes\n");
    sandbox.write("a/serial", "01\n");
    sandbox.write("a/empty", "");
    sandbox.write("a/empty.csr", "");
    sandbox.write("a/empty.crl", "");
    sandbox.write("a/web.key.pem", "");
    sandbox.write("a/picture.png", b"\x89PNG\r\n\x1a\n");
    sandbox.sh("mkfifo a/pipe; ln -s nowhere a/link; ln -s /dev/zero a/zero").code(0);

    for line in
        ["-q renew --expires-within 30d", "-q renew --dry-run", "-q status --expires-within 30d"]
    {
        sandbox.certctl(line).code(0).stderr_is("");
    }
}

/// certbot keeps the files in `archive`, and links to them.
#[test]
fn a_link_into_the_archive_is_followed() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "archive/web/cert1.pem", Some("archive/web/privkey1.pem"));
    sandbox.sh("mkdir -p live/web; cd live/web; ln -s ../../archive/web/cert1.pem cert.pem; ln -s ../../archive/web/cert1.pem fullchain.pem; ln -s ../../archive/web/privkey1.pem privkey.pem").code(0);

    let run = sandbox.certctl("renew --expires-within 30d");

    run.code(3).stderr_has("`live/web/cert.pem` expires on ").stderr_lacks("fullchain.pem");
    run.stderr_has("its key is `live/web/privkey.pem`");
}

#[test]
fn copies_are_named_once_they_are_stale() {
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256 --days 40");
    sandbox.certctl("renew server --days 5").code(0);
    for service in ["redis", "milvus"] {
        sandbox.certctl(&format!("export server --to {service}")).code(0);
    }
    sandbox.sh("mkdir web; cp server.pem web/tls.crt; cp server.key web/tls.key").code(0);
    let run = sandbox.certctl("status --expires-within 30d");
    run.code(3).stdout_lacks("redis").stdout_lacks("copy");

    for line in ["renew --expires-within 30d --dry-run", "renew --expires-within 30d --days 90"] {
        let run = sandbox.certctl(line);
        run.code(0).stderr_has("warning: `redis/server.pem` is a copy from `server.pem`, which ");
        run.stderr_has("`certctl export server --to redis`").stderr_has("`milvus/server.pem`");
        assert_eq!(run.stderr().matches("warning: ").count(), 3, "{}", run.stderr());
    }

    for line in ["renew --expires-within 30d", "renew --expires-within 30d --dry-run"] {
        let run = sandbox.certctl(line);
        run.code(3).stderr_has("`redis/server.pem` expires on ");
        run.stderr_has("`milvus/server.pem`").stderr_has("it is a copy from `server.pem`");
        run.stderr_has("`cp server.pem web/tls.crt`, `cp server.key web/tls.key`");
        run.stderr_has("`certctl export server --to redis`").stderr_lacks("mv ");
    }
    sandbox.certctl("status --expires-within 30d").code(3).stdout_has("due; copy");
    // Stale, and not due.
    sandbox.certctl("-q renew --expires-within 2d").code(0).stderr_is("");
    for service in ["redis", "milvus"] {
        sandbox.certctl(&format!("export server --to {service}")).code(0);
    }
    sandbox.sh("cp server.pem web/tls.crt; cp server.key web/tls.key").code(0);
    sandbox.certctl("renew --expires-within 30d").code(0).stderr_is("");
}

/// The right key is in the copy of a service, which uses its own files.
#[test]
fn a_pair_that_does_not_fit_is_replaced_although_a_copy_has_the_key() {
    let sandbox = with_ca();
    sandbox.certctl("export server --to redis").code(0);
    sandbox.write("server.key", sandbox.read("client.key"));
    let copy = sandbox.read("redis/server.key");

    sandbox.certctl("renew server").code(0);

    sandbox.certctl("check server").code(0);
    assert_eq!(sandbox.read("redis/server.key"), copy);
    // Without a key here, the one of the service is not taken from it.
    sandbox.certctl("export server --to redis").code(0);
    sandbox.remove("server.key");
    let before = sandbox.digest();
    sandbox.certctl("renew server").code(1).stderr_has("its private key is `redis/server.key`");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn one_certificate_in_several_files_is_named_once() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "live/web.example/cert.pem", Some("live/web.example/privkey.pem"));
    let pem = sandbox.read("live/web.example/cert.pem");
    let chain = [pem.clone(), sandbox.read("ca.pem")].concat();
    sandbox.write("live/web.example/fullchain.pem", chain);
    sandbox.write("a/haproxy.pem", [pem, sandbox.read("live/web.example/privkey.pem")].concat());

    let json = sandbox.certctl("-o json renew --expires-within 30d").code(3).json();

    let items = json["certificates"].as_array().unwrap();
    let names: Vec<&str> = items
        .iter()
        .filter(|item| item["action"] == "skipped")
        .map(|item| item["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["live/web.example/cert.pem"]);
}

#[test]
fn a_limit_that_is_reached_is_named() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, &format!("{}web.pem", "d/".repeat(33)), None);
    for line in ["-q renew --expires-within 30d", "status"] {
        let run = sandbox.certctl(line);
        run.code(1).stderr_has("error: ").stderr_has("more than 32 folders below the directory");
    }
    // What is above is seen all the same.
    issue_as(&sandbox, 5, &format!("{}web.pem", "d/".repeat(32)), None);
    let run = sandbox.certctl("-q renew --expires-within 30d");
    run.code(1).stderr_has("d/web.pem` expires on ");
}

/// What could have a due certificate and cannot be read is named, as `check` does.
#[test]
fn what_cannot_be_read_is_named_and_decides_if_nothing_else_opens_it() {
    for (fixture, file, because) in [
        ("intake/pkcs7.p7b", "web.p7b", "PKCS#7"),
        ("intake/modern.p12", "web.pfx", "password"),
        ("", "java/web.jks", "JKS"),
    ] {
        let sandbox = with_ca();
        if fixture.is_empty() {
            sandbox.write(file, b"\xFE\xED\xFE\xED\0\0\0\x02");
        } else {
            sandbox.put(fixture, file);
        }
        for line in ["renew --expires-within 30d", "status", "renew --dry-run"] {
            let run = sandbox.certctl(line);
            run.code(0)
                .stderr_has("warning: ")
                .stderr_has(&format!("`{file}`"))
                .stderr_has(because);
        }
        sandbox.certctl("check -r").code(1).stderr_has(file);
        sandbox.certctl("renew").code(0).stdout_has("Renewed 2 certificates");
        // Of one identity nothing else is asked.
        sandbox.certctl("renew server").code(0);
    }

    let sandbox = with_ca();
    let broken = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    for file in ["web.pem", "sub/web.crt", "sub/settings"] {
        sandbox.write(file, broken);
        let run = sandbox.certctl("renew --expires-within 30d");
        run.code(1).stderr_has("error: ").stderr_has(&format!("`{file}`"));
        assert_eq!(run.stderr().matches("error:").count(), 1);
        sandbox.certctl("check -r").stdout_has(file);
        sandbox.remove(file);
    }
}

/// After a clock that was ahead: clients refuse it as they refuse an expired one.
#[test]
fn what_is_not_yet_valid_is_renewed_or_named() {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let early = dated(&sandbox, "server.pem", ["480101000000Z", "490101000000Z"]);
    sandbox.write("server.pem", &early);
    sandbox.certctl("check server").code(4);

    sandbox.certctl("status").code(4).stdout_has("not yet valid").stderr_has("1 not yet valid");
    let json = sandbox.certctl("-o json status").code(4).json();
    assert_eq!(json["certificates"][1]["state"], "not yet valid");
    let key = sandbox.read("server.key");
    sandbox.remove("server.key");
    for line in ["renew --expires-within 30d", "-q renew --expires-within 1/3 --dry-run"] {
        let run = sandbox.certctl(line);
        run.code(4)
            .stderr_has("`server.pem` is not valid before 2048-01-01T00:00:00Z and is not renewed");
    }
    sandbox.write("server.key", key);
    sandbox.write("svc/web.crt", dated(&sandbox, "client.pem", ["480101000000Z", "490101000000Z"]));

    let run = sandbox.certctl("renew --expires-within 30d");

    run.code(4)
        .stdout_has("Renewed 1 certificate")
        .stderr_has("`svc/web.crt` is not valid before ");
    sandbox.remove("svc/web.crt");
    sandbox.certctl("status").code(0);
    sandbox.certctl("check server").code(0);
}

/// As `check` does: what is named like a certificate must have one.
#[test]
fn what_is_named_like_a_certificate_and_cannot_be_read_is_an_error() {
    let wide = |text: String| [vec![0xFF, 0xFE], wide(&text)].concat();
    let sandbox = with_ca();
    std::fs::create_dir_all(sandbox.path("sub/private")).unwrap();
    for folder in ["", "sub/"] {
        for name in ["web.crt", "web.pem"] {
            let file = format!("{folder}{name}");
            let contents: [&[u8]; 5] = [
                b"",
                b"hello\n",
                b"\x1F\x8B\x08\0\0",
                &wide(sandbox.text("server.pem")),
                b"-----BEGIN CERTIFICATE----\nMIIBszCCAVqgAwIBAgIUJx2YtMKuz2TH4yyfkaUXHWkXTZgwCgYIKoZIzj0EAwIw\n",
            ];
            for content in contents {
                sandbox.write(&file, content);
                is_error(&sandbox, &file);
                sandbox.remove(&file);
            }
            for script in ["ln -s nowhere", "mkfifo", "ln -s /dev/zero"] {
                sandbox.sh(&format!("{script} {file}")).code(0);
                is_error(&sandbox, &file);
                sandbox.remove(&file);
            }
        }
    }
    for file in ["WEB.CER", "1a2b3c4d.0", "sub/private/ca.pem"] {
        sandbox.write(file, "");
        is_error(&sandbox, file);
        sandbox.remove(file);
    }
}

/// `status` and `renew` name it as `check` does, and the others are renewed.
fn is_error(sandbox: &Sandbox, file: &str) {
    for line in ["-q status", "-q renew --expires-within 30d"] {
        let run = sandbox.certctl(line);
        run.code(1).stderr_has(&format!("`{file}`"));
        assert_eq!(run.stderr().matches("error: ").count(), 1, "{file}");
    }
    sandbox.sh("! \"$CERTCTL\" check -r").code(0);
    let key = sandbox.read("server.key");
    sandbox.certctl("renew").code(1).stdout_has("Renewed 2 certificates");
    assert_ne!(sandbox.read("server.key"), key);
}

/// In UTF-16, little-endian.
fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The nightly run does not fail because of it.
#[test]
fn a_keystore_that_certctl_wrote_is_a_warning() {
    let sandbox = with_ca();
    sandbox.write("password", "secret-of-the-keystore\n");
    let line = "export server --p12 server.p12 --password-file password";
    sandbox.certctl(line).code(0);

    for line in ["-q status", "-q renew --expires-within 30d"] {
        sandbox.certctl(line).code(0).stderr_is("");
    }
    sandbox.certctl("status").code(0).stderr_has("warning: ").stderr_has("`server.p12`");
}

/// A hint to remove it would remove the only certificate.
#[test]
fn the_target_of_a_link_is_no_copy_of_it() {
    for script in [
        "mv web.pem web-2026.pem; ln -s web-2026.pem web.pem",
        "mkdir d; mv web.pem d/one.crt; ln -s d/one.crt web.pem",
        "mkdir d; ln -s ../web.pem d/tls.crt",
        "mkdir d; ln web.pem d/tls.crt; ln web.pem web-2026.pem",
    ] {
        let sandbox = with_ca();
        issue_as(&sandbox, 5, "web.pem", Some("web.key"));
        sandbox.sh(script).code(0);
        for line in ["renew --expires-within 30d --dry-run", "renew --dry-run", "status"] {
            let run = sandbox.certctl(line);
            run.stdout_lacks("-2026").stdout_lacks("d/").stdout_lacks("copy");
            run.stderr_lacks("-2026").stderr_lacks("copy").stderr_lacks("`rm ");
        }
        sandbox.certctl("status").code(0);
        if sandbox.path("web-2026.pem").exists() {
            let run = sandbox.certctl("renew web-2026");
            run.code(2).stderr_has("`find -L . -samefile web-2026.pem` shows it");
            sandbox.sh("find -L . -samefile web-2026.pem | grep -qx ./web.pem").code(0);
        }
    }
}

/// `openssl ca` writes `newcerts/SERIAL.pem`, and easy-rsa `certs_by_serial/SERIAL.pem`.
#[test]
fn the_record_of_the_ca_is_no_copy() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "web.pem", Some("web.key"));
    issue_as(&sandbox, 5, "gone.pem", None);
    let serial = Cert::read(&sandbox, "web.pem").serial();
    let gone = Cert::read(&sandbox, "gone.pem").serial();
    for file in [
        format!("newcerts/{serial}.pem"),
        format!("a/certs_by_serial/00{}.crt", serial.to_ascii_lowercase()),
        format!("{serial}.pem"),
    ] {
        sandbox.write(&file, sandbox.read("web.pem"));
    }
    sandbox.write(&format!("{gone}.pem"), sandbox.read("gone.pem"));
    sandbox.remove("gone.pem");

    let run = sandbox.certctl("renew --expires-within 30d --days 90");
    run.code(0).stdout_has("Renewed 1 certificate").stdout_lacks(&serial).stderr_lacks(&serial);
    for line in ["renew --expires-within 30d", "status --expires-within 30d", "renew --dry-run"] {
        let run = sandbox.certctl(line);
        run.code(0).stdout_lacks(&serial).stdout_lacks(&gone).stderr_lacks(&serial);
    }
    // It is one certificate of another serial.
    sandbox.sh(&format!("cp newcerts/{serial}.pem newcerts/1{serial}.pem")).code(0);
    sandbox.certctl("renew --expires-within 30d").code(3).stderr_has("is a copy from `web.pem`");
    sandbox.sh(&format!("rm newcerts/1{serial}.pem")).code(0);
    sandbox.certctl("gen --replace-ca").code(0).stderr_lacks(&serial).stderr_lacks(&gone);
    // With its key it is an identity.
    sandbox.certctl("issue tmp web.example --days 5 --key-type ecdsa:p256").code(0);
    let serial = Cert::read(&sandbox, "tmp.pem").serial();
    sandbox.sh(&format!("mv tmp.pem {serial}.pem; mv tmp.key {serial}.key")).code(0);
    sandbox.certctl("renew --expires-within 30d").code(0).stdout_has(&serial);
}

/// Its key is in it, and also in another copy.
#[test]
fn a_manifest_with_a_copy_is_a_copy() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "web.pem", Some("web.key"));
    sandbox
        .sh("chmod 600 web.key; mkdir der; sed '/---/d' web.pem | base64 -d > der/web.der")
        .code(0);
    sandbox.certctl("export web --to redis").code(0);
    let manifests = [
        ("web.yaml", "k8s secret web --name web -o yaml"),
        ("tls.json", "k8s secret web --name w --namespace n --type tls -o json"),
    ];
    for (file, line) in manifests {
        sandbox.certctl(&format!("{line} --out-file {file}")).code(0);
    }
    let labelled = "k8s secret web --label a=b -o yaml --out-file labelled.yaml";
    sandbox.certctl(labelled).code(0);
    let copies = ["redis/web.pem", "web.yaml", "tls.json", "labelled.yaml", "der/web.der"];
    for line in ["renew --expires-within 30d --days 90", "renew --expires-within 30d"] {
        let run = sandbox.certctl(line);
        run.stderr_lacks("certctl issue").stderr_lacks("other names");
        for copy in copies {
            run.stderr_has(&format!("`{copy}`"));
        }
        assert_eq!(run.stderr().matches("copy from `web.pem`").count(), 5, "{}", run.stderr());
        for (file, line) in manifests {
            run.stderr_has(&format!("`certctl {line} --out-file {file}`"));
        }
        run.stderr_has(
            "write it again from `web.pem`, or remove it if it is not used: `rm labelled",
        );
    }
    sandbox.sh("rm -r der labelled.yaml").code(0);
    sandbox.certctl("export web --to redis").code(0);
    for (file, line) in manifests {
        sandbox.certctl(&format!("{line} --out-file {file}")).code(0);
    }
    sandbox.certctl("renew --expires-within 30d").code(0).stderr_is("");
}

#[test]
fn after_a_rollback_a_copy_is_not_stale() {
    let sandbox = with_ca();
    sandbox.certctl("export server --to redis").code(0);
    let line = "renew --served localhost:1 --served-timeout 0 --rollback";

    let run = sandbox.certctl(line);

    run.code(1).stderr_has("rolled back").stderr_lacks("is a copy");
}

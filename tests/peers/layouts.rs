//! Layouts of other programs, made with openssl: what is due in them is renewed or named.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
};

use crate::{
    commons::{Account, Commons, can_switch_users},
    peer::{have, run, skip},
    sandbox::{Run, Sandbox},
};

/// A CA made with openssl, and `web.pem` with `web.key` below it for so many days.
fn set(days: u32) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sh(&format!(
        "cat > x.cnf <<'END'
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:web.example
END
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -new -x509 -config x.cnf -extensions ca -key ca.key -subj '/CN=Other CA' -days 3650 -out ca.pem
openssl ecparam -name prime256v1 -genkey -noout -out web.key
openssl req -new -config x.cnf -key web.key -subj '/CN=web.example' -out web.csr
openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile x.cnf -extensions leaf -days {days} -out web.pem
rm x.cnf web.csr"
    ))
    .code(0);
    sandbox
}

#[test]
fn each_layout_is_renewed_or_named() {
    if !have(&["openssl"]) {
        return;
    }
    // A script that moves web.pem and web.key, and the file that is named.
    let layouts = [
        ("mv web.key web-key.pem", "web.pem"),
        (
            "mv web.pem cert.pem; cat cert.pem ca.pem > fullchain.pem; mv web.key privkey.pem",
            "fullchain.pem",
        ),
        (
            "mkdir issued private; openssl x509 -in web.pem -text -out issued/web.crt; mv web.key private/; rm web.pem",
            "issued/web.crt",
        ),
        ("mv web.pem web+1.pem; mv web.key web+1-key.pem", "web+1.pem"),
        ("mv web.pem web.crt", "web.crt"),
        ("openssl x509 -in web.pem -outform DER -out web.der; rm web.pem", "web.der"),
        ("cat web.pem web.key > both.pem; rm web.pem web.key", "both.pem"),
        ("cat web.key web.pem > both.pem; rm web.pem web.key", "both.pem"),
        ("cat ca.pem web.pem > chain.pem; rm web.pem", "chain.pem"),
        ("mv web.pem web", "web"),
        (
            "openssl pkcs12 -export -in web.pem -inkey web.key -passout pass: -out web.p12; rm web.pem",
            "web.p12",
        ),
        ("rm web.key", "web.pem"),
        // minica.
        (
            "mkdir web.test; mv web.pem web.test/cert.pem; mv web.key web.test/key.pem",
            "web.test/cert.pem",
        ),
        // certbot, which links to its archive.
        (
            "mkdir -p archive/web.test live/web.test; mv web.pem archive/web.test/cert1.pem
            cat archive/web.test/cert1.pem ca.pem > archive/web.test/fullchain1.pem
            mv web.key archive/web.test/privkey1.pem; cd live/web.test
            for f in cert fullchain privkey; do ln -s ../../archive/web.test/${f}1.pem $f.pem; done",
            "live/web.test/cert.pem",
        ),
        // lego.
        (
            "mkdir certificates; cat web.pem ca.pem > certificates/web.test.crt
            cp ca.pem certificates/web.test.issuer.crt; mv web.key certificates/web.test.key
            echo '{\"domain\": \"web.test\"}' > certificates/web.test.json; rm web.pem",
            "certificates/web.test.crt",
        ),
        (
            "openssl req -new -key web.key -subj '/CN=Sub CA' -addext basicConstraints=critical,CA:TRUE -out s.csr
            openssl x509 -req -in s.csr -copy_extensions copy -CA ca.pem -CAkey ca.key -days 5 -out sub-ca.pem
            rm web.pem s.csr",
            "sub-ca.pem",
        ),
    ];
    for (script, file) in layouts {
        let sandbox = set(5);
        sandbox.sh(script).code(0);
        let before = sandbox.digest();
        let run = sandbox.certctl("renew --expires-within 30d");
        run.code(3).stderr_has(&format!("`{file}` expires on "));
        assert_eq!(sandbox.digest(), before, "{script}");
        sandbox
            .certctl("status --expires-within 30d")
            .code(3)
            .stdout_has(file.trim_end_matches(".pem"));
        sandbox.certctl("renew --expires-within 1d").code(0);
    }

    // With a text before the PEM block, as `openssl ca` writes it.
    let sandbox = set(5);
    sandbox.sh("openssl x509 -in web.pem -text -out web.txt; mv web.txt web.pem").code(0);
    sandbox.certctl("renew --expires-within 30d --days 90").code(0);
    run(&sandbox, "openssl verify -CAfile ca.pem web.pem").code(0);
    run(&sandbox, "openssl x509 -in web.pem -noout -checkend 2592000").code(0);
}

#[test]
fn keys_that_openssl_encrypts_stay() {
    if !have(&["openssl"]) {
        return;
    }
    for script in [
        "openssl pkcs8 -topk8 -in web.key -passout pass:x -out k",
        "openssl pkcs8 -topk8 -in web.key -passout pass:x -outform DER -out k",
        "openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in web.key -passout pass:x -out k",
        "openssl ec -aes256 -in web.key -passout pass:x -out k",
        "openssl ec -des3 -in web.key -passout pass:x -out k",
    ] {
        let sandbox = set(5);
        sandbox.sh(&format!("{script}; mv k web.key")).code(0);
        let before = sandbox.digest();

        sandbox.certctl("renew web").code(1).stderr_has("its private key is encrypted");
        sandbox.certctl("renew --expires-within 30d").code(3).stderr_has("`web.pem` expires on ");
        assert_eq!(sandbox.digest(), before, "{script}");

        sandbox.certctl("renew --expires-within 30d --reuse-key --days 90").code(0);
        let keys = "[ \"$(openssl pkey -in web.key -passin pass:x -pubout)\" = \"$(openssl x509 -in web.pem -noout -pubkey)\" ]";
        sandbox.sh(keys).code(0);
    }
}

#[test]
fn a_user_who_can_read_certificates_alone_sees_the_state() {
    if !can_switch_users() {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 5");
    sandbox.write("certctl.toml", "[[certificate]]\nname = 'server'\nsan = 'new.example'\n");
    let commons = Commons::new();
    let root = Account { uid: 0, gid: 0 };
    for file in sandbox.files() {
        let mode = sandbox.mode(&file);
        commons.take(&sandbox, &file, root, mode);
    }
    let other = Account { uid: 65_530, gid: 65_530 };
    // What this user may not read here has no certificate by its name.
    for folder in ["svc", "private", "lost+found", "svc/private"] {
        fs::create_dir(commons.path(folder)).unwrap();
        let mode = if folder == "svc" { 0o755 } else { 0o700 };
        fs::set_permissions(commons.path(folder), Permissions::from_mode(mode)).unwrap();
    }
    commons.take(&sandbox, "server.key", root, 0o600);
    fs::write(commons.path("svc/redis.conf"), "port 0\n").unwrap();
    fs::set_permissions(commons.path("svc/redis.conf"), Permissions::from_mode(0o600)).unwrap();

    let run = commons.certctl(other, "status --expires-within 30d");
    run.code(3)
        .stdout_has("due; differs: common_name, san")
        .stderr_is("exit code 3: 2 due or not as planned\n");
    // The run would fail, and so the dry run does.
    let run = commons.certctl(other, "renew --dry-run --expires-within 30d");
    run.code(1).stdout_has("Would renew 2 certificates").stderr_has("cannot create `.certctl`");
    commons.certctl(other, "renew --dry-run --expires-within 1d --reuse-key server").code(1);
    // That it cannot open the keys is an error of `check`, and hides nothing else.
    commons.certctl(other, "check").stdout_has("[plan-drift]");
    commons.certctl(other, "renew --expires-within 30d").code(1);

    // These could have one.
    fs::set_permissions(commons.path("svc"), Permissions::from_mode(0o700)).unwrap();
    commons.certctl(other, "status").code(3).stderr_has("warning: `svc` cannot be read");
    fs::set_permissions(commons.path("svc"), Permissions::from_mode(0o755)).unwrap();
    fs::rename(commons.path("svc/redis.conf"), commons.path("svc/web.crt")).unwrap();
    commons.certctl(other, "status").code(3).stderr_has("warning: `svc/web.crt` cannot be read");
}

/// A signature that certctl cannot verify: the certificate is due all the same.
#[test]
fn a_certificate_with_an_unknown_signature_algorithm_is_named() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox
        .sh("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout web.key -subj /CN=web.test -out web.csr 2> log
             printf 'subjectAltName=DNS:web.test\\nextendedKeyUsage=serverAuth\\nauthorityKeyIdentifier=keyid\\n' > ext
             openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAserial ca.srl -days 10 -extfile ext -sha512 -out web.pem 2>> log
             rm web.csr ext log")
        .code(0);

    for line in ["renew --expires-within 30d", "status --expires-within 30d"] {
        let run = sandbox.certctl(line);
        run.code(3);
        assert!(format!("{}{}", run.stdout(), run.stderr()).contains("web"), "{line}");
    }
    sandbox.certctl("renew --expires-within 1d").code(0);
}

/// What could have a due certificate and is in a format that certctl does not read.
#[test]
fn a_file_that_cannot_be_read_is_named() {
    if !have(&["openssl"]) {
        return;
    }
    for (script, file) in [
        ("openssl crl2pkcs7 -nocrl -certfile web.pem -out web.p7b", "web.p7b"),
        ("openssl crl2pkcs7 -nocrl -certfile web.pem -outform DER -out web.p7c", "web.p7c"),
        (
            "mkdir java; openssl pkcs12 -export -in web.pem -inkey web.key -passout pass:x -out java/web.pfx",
            "java/web.pfx",
        ),
    ] {
        let sandbox = set(5);
        sandbox.sh(&format!("{script}; rm web.pem web.key")).code(0);
        for line in ["renew --expires-within 30d", "status"] {
            sandbox.certctl(line).code(0).stderr_has("warning: ").stderr_has(&format!("`{file}`"));
        }
        sandbox.certctl("check -r").code(1).stderr_has(file);
    }
}

/// The signature of another layout that certctl cannot verify.
#[test]
fn an_unknown_signature_in_a_folder_is_named() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox
        .sh("mkdir web; openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout web/key.pem -subj /CN=web.test -out web.csr 2> log
             printf 'subjectAltName=DNS:web.test\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n' > ext
             openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAserial ca.srl -days 10 -extfile ext -sha512 -out web/cert.pem 2>> log
             openssl req -x509 -key ca.key -sha512 -days 5 -subj '/CN=localhost CA' -out old-ca.crt 2>> log
             rm web.csr ext log")
        .code(0);

    let run = sandbox.certctl("renew --expires-within 30d");
    run.stderr_lacks("old-ca.crt");
    run.code(3).stderr_has("`web/cert.pem` expires on ").stderr_has("cannot verify");
    run.stderr_has("certctl issue cert web.test --usage server");
    sandbox.certctl("status --expires-within 30d").code(3).stdout_has("unknown signature");
    sandbox.certctl("renew --expires-within 1d").code(0);
}

/// A clock that was two years ahead, and came back.
#[test]
fn what_a_clock_that_was_ahead_signed_is_renewed() {
    if !have(&["faketime", "openssl"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.sh("faketime '+2 years' \"$CERTCTL\" renew server > log; rm log").code(0);
    run(&sandbox, "openssl verify -CAfile ca.pem server.pem").code(2);

    sandbox.certctl("status").code(4).stdout_has("not yet valid");
    let json = sandbox.certctl("-o json renew --expires-within 30d").code(0).json();
    assert_eq!(json["certificates"][1]["action"], "renewed");

    run(&sandbox, "openssl verify -CAfile ca.pem server.pem").code(0);
    sandbox.certctl("status").code(0);
}

/// `script` in the sandbox, whose file system is read-only for it.
fn read_only(sandbox: &Sandbox, script: &str) -> Run {
    sandbox.sh(&format!(
        "unshare -m sh -euc 'mount --bind . .; mount -o remount,bind,ro \"$PWD\"; cd \"$PWD\"; {script}'"
    ))
}

#[test]
fn on_a_read_only_file_system_nothing_due_is_no_failure() {
    let can_mount = rustix::process::geteuid().is_root() || skip("root");
    if !have(&["unshare", "mount"]) || !can_mount {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 40");
    let before = sandbox.digest();
    // Containers may not allow to mount.
    if read_only(&sandbox, "! touch x 2> /dev/null").exit() != 0 {
        skip("right to mount");
        return;
    }

    let run = read_only(&sandbox, "\"$CERTCTL\" renew --expires-within 30d");
    run.code(0).stdout_has("Nothing is due").stderr_is("");
    read_only(&sandbox, "\"$CERTCTL\" -q renew ca --expires-within 30d --exec false").code(0);
    for line in
        ["renew --expires-within 50d", "renew --expires-within 50d --dry-run", "renew server"]
    {
        let run = read_only(&sandbox, &format!("\"$CERTCTL\" -q {line}"));
        run.code(1).stderr_has("cannot create `.certctl`").stderr_has("Read-only file system");
    }
    read_only(&sandbox, "\"$CERTCTL\" renew --dry-run --expires-within 30d").code(0);
    assert_eq!(sandbox.digest(), before);
    // What is pending can be written only when it is done.
    sandbox.write("hook-pending", "server\nserver served localhost:1\n");
    for flag in ["--exec true", "--served localhost:1"] {
        let line = format!("\"$CERTCTL\" -q renew --expires-within 30d {flag}");
        read_only(&sandbox, &line).code(1).stderr_has("Read-only file system");
    }
}

//! The gate: a file that was not read is never reported as valid.

use std::{fs, os::unix::fs::symlink};

use crate::sandbox::{Sandbox, fixtures};

const EC: &str = "--key-type ecdsa:p256";

fn encoded(octets: &[u8]) -> String {
    let block = pem_rfc7468::encode_string("X", pem_rfc7468::LineEnding::LF, octets).unwrap();
    block.lines().filter(|line| !line.starts_with('-')).collect()
}

fn utf16(text: &str, mark: &[u16]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures().join("intake").join(name)).unwrap()
}

/// What cannot be read of a certificate, each under a name that says nothing.
fn unread(sandbox: &Sandbox) -> Vec<(&'static str, Vec<u8>)> {
    let pem = sandbox.text("pki/server.pem");
    let lines: Vec<&str> = pem.lines().collect();
    let escaped = pem.replace('\n', "\\n");
    let text = |text: String| text.into_bytes();
    let bare: String = lines[1..lines.len() - 1].concat();
    vec![
        ("literal newlines", text(escaped.clone())),
        ("literal CRLF", text(pem.replace('\n', "\\r\\n"))),
        ("in a variable", text(format!("export CERT=\"{escaped}\"\n"))),
        ("four dashes", text(pem.replace("-----BEGIN", "----BEGIN"))),
        ("small letters", text(pem.replace("BEGIN CERTIFICATE", "begin certificate"))),
        ("long dashes", text(pem.replace("-----", "\u{2014}\u{2014}"))),
        ("no BEGIN line", text(lines[1..].join("\n"))),
        ("no END line", text(lines[..lines.len() - 1].join("\n"))),
        ("BEGIN line cut", text(pem.replace("CERTIFICATE-----\nMII", "CERTIFICATE\nMII"))),
        ("label mistyped", text(pem.replace("CERTIFICATE", "CERTIFCATE"))),
        ("label of another", text(pem.replace("CERTIFICATE", "CERT"))),
        ("a letter that is not base64", text(pem.replacen("MII", "M!I", 1))),
        ("a line is missing", text([&lines[..3], &lines[4..]].concat().join("\n"))),
        ("two, the second broken", text(pem.clone() + &pem.replacen("MII", "MIX", 1))),
        ("two, the second escaped", text(pem.clone() + &escaped)),
        ("base64 cut off", text(bare[..bare.len() - 1].to_owned())),
        (
            "base64 with another letter",
            text(bare.replacen("MII", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA!", 1)),
        ),
        ("base64 twice", text(encoded(encoded(pem.as_bytes()).as_bytes()))),
        ("a manifest in Latin-1", b"# f\xFCr\napiVersion: v1\nkind: Secret\ndata: {}\n".to_vec()),
        (
            "a kubeconfig with a mistyped letter",
            text(format!(
                "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    certificate-authority-data: {}\n",
                encoded(pem.as_bytes()).replacen("LS0tLS1CRUdJTi", "LS0tLS1CRUdJTi!", 1)
            )),
        ),
        ("UTF-16", utf16(&pem, &[0xFEFF])),
        ("UTF-16 without a mark", utf16(&pem, &[])),
        ("PKCS#12", fixture("modern.p12")),
        ("PKCS#7", fixture("pkcs7.p7b")),
        ("PKCS#7 in PEM", fixture("pkcs7.pem")),
        ("JKS", b"\xFE\xED\xFE\xED\0\0\0\x02\0\0\0\x01".to_vec()),
        ("JCEKS", b"\xCE\xCE\xCE\xCE\0\0\0\x02\0\0\0\x01".to_vec()),
        ("NSS", b"SQLite format 3\0 CREATE TABLE nssPublic (id)".to_vec()),
        ("age", b"age-encryption.org/v1\n-> X25519 abc\n".to_vec()),
        (
            "SOPS",
            b"tls: ENC[AES256_GCM,data:abc=,type:str]\nsops:\n  mac: ENC[AES256_GCM]\n".to_vec(),
        ),
        ("JSON cut off", text(format!("{{\"apiVersion\": \"v1\", \"a\": \"{escaped}"))),
        ("a manifest with a tab", b"apiVersion: v1\nkind: Secret\ndata:\n\ta: b\n".to_vec()),
    ]
}

/// Files of which a reader that takes what it knows would leave the rest, and text that it does not see.
fn half_read(sandbox: &Sandbox) -> Vec<(&'static str, Vec<u8>)> {
    let pem = sandbox.text("pki/server.pem");
    let lines: Vec<&str> = pem.lines().collect();
    let text = |text: String| text.into_bytes();
    let der = pem_rfc7468::decode_vec(pem.as_bytes()).unwrap().1;
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  x.crt: {}\n",
        encoded(pem.as_bytes())
    );
    let jks = b"\xFE\xED\xFE\xED\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\x03abc\0\0\0\0\0\0\0\0\0\x05X.509\0\0\0\0\0\0\0\0\0\0\0\0";
    let behind = |rest: &[u8]| [pem.as_bytes(), rest].concat();
    let utf32 = |mark: &str| -> Vec<u8> {
        mark.chars().chain(pem.chars()).flat_map(|it| u32::from(it).to_le_bytes()).collect()
    };
    let utf32be: Vec<u8> = pem.chars().flat_map(|it| u32::from(it).to_be_bytes()).collect();
    let other_label = pem.replace("CERTIFICATE", "DH PARAMETERS");
    let key = sandbox.text("pki/server.key");
    let one_value = (pem.clone() + &key).replace('\n', "\\n");
    vec![
        ("DER behind PEM", behind(&der)),
        ("UTF-16 behind PEM", behind(&utf16(&pem, &[0xFEFF]))),
        ("UTF-32 behind PEM", behind(&utf32(""))),
        ("gzip behind PEM", behind(&[&b"\x1F\x8B\x08\0"[..], &[0x07; 80]].concat())),
        ("base64 behind PEM", behind((encoded(&der) + "\n").as_bytes())),
        ("base64 before PEM", text(encoded(&der) + "\n" + &pem)),
        ("base64 in lines behind PEM", behind(lines[1..lines.len() - 1].join("\r\n").as_bytes())),
        ("the label of DH parameters", text(other_label.clone())),
        ("the label of DH parameters behind PEM", behind(other_label.as_bytes())),
        ("PEM behind a manifest", text(manifest.clone() + &pem)),
        ("a manifest behind PEM", behind(manifest.as_bytes())),
        ("two manifests without `---`", text(manifest.replace("name: a", "name: b") + &manifest)),
        ("UTF-32", utf32("\u{feff}")),
        ("UTF-32 without a mark", utf32("")),
        ("UTF-32, big-endian", utf32be),
        ("DER behind a newline", [b"\r\n", &der[..]].concat()),
        ("DER behind a byte order mark", [b"\xEF\xBB\xBF", &der[..]].concat()),
        ("base64 of JKS", text(encoded(jks))),
        ("base64 of PKCS#7", text(encoded(&fixture("pkcs7.p7b")))),
        ("base64 of PKCS#12", text(encoded(&fixture("modern.p12")))),
        (
            "settings with cut base64",
            text(format!("A=1\nCERT={}\n", &encoded(pem.as_bytes())[..301])),
        ),
        (
            "settings with base64 of a cut block",
            text(format!("CERT={}\n", &encoded(pem.as_bytes())[..300])),
        ),
        (
            "JSON with a certificate and its key in one escaped value",
            text(serde_json::json!({ "ca": one_value }).to_string()),
        ),
    ]
}

#[test]
fn what_cannot_be_read_decides_the_exit_code_whatever_its_name() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    for file in ["ca.pem", "server.pem"] {
        sandbox.write(&format!("d/{file}"), sandbox.read(&format!("pki/{file}")));
    }
    sandbox.certctl("check d --ca pki/ca.pem").code(0);
    for (what, content) in unread(&sandbox).into_iter().chain(half_read(&sandbox)) {
        for name in ["thing", "server.crt.bak"] {
            let file = format!("d/{name}");
            sandbox.write(&file, &content);
            for form in ["text", "json", "junit", "github", "sarif"] {
                let run = sandbox.certctl(&format!("check d --ca pki/ca.pem -o {form}"));
                let said = run.stdout() + &run.stderr();
                assert!(said.contains(name), "{what} as {name} in {form}: {said}");
                let code = run.exit();
                assert!(code == 1 || code == 4, "{what} as {name} in {form}: {code} {said}");
                if form == "json" {
                    assert_eq!(run.json()["valid"], false, "{what}");
                }
            }
            for command in ["inspect d", "inspect d --expires-within 1d"] {
                let run = sandbox.certctl(command);
                let said = run.stderr();
                assert!(run.exit() == 1 && said.contains(name), "{what}: {command}: {said}");
            }
            for place in ["--ca pki/ca.pem", "--ca pki/ca.pem --untrusted"] {
                let run = sandbox.certctl(&format!("check {place} {file} pki/server.pem"));
                assert!(matches!(run.exit(), 1 | 4), "{what}: {place}");
            }
            sandbox.remove(&file);
        }
    }
}

#[test]
fn what_holds_no_certificate_is_listed_and_fails_nothing() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/server.pem");
    sandbox.write("d/server.pem", &pem);
    let others: [(&str, &[u8], &str); 25] = [
        ("dhparam.pem", b"-----BEGIN DH PARAMETERS-----\nMAYCAQsCAQI=\n-----END DH PARAMETERS-----\n", "DH parameters"),
        ("ec.pem", b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n", "EC parameters"),
        ("ta.key", b"#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n00ff\n-----END OpenVPN Static key V1-----\n", "a static key of OpenVPN"),
        ("id.pub", b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA a@b\n", "an SSH public key"),
        ("index.html", b"<!DOCTYPE html><p>hello", "HTML"),
        ("server.crt", b"<html><h1>404 Not Found</h1></html>", "HTML"),
        ("README.md", b"Put it there:\n\n-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n", "no certificate or key"),
        ("check.sh", b"#!/bin/sh\ngrep -q 'BEGIN CERTIFICATE' $1 && grep -c -- '-----BEGIN CERTIFICATE-----' $1\n", "no certificate or key"),
        ("notes", b"kind: of a day\nkindly yours\n", "no certificate or key"),
        ("my.cnf", b"[mysqld]\nport=3306\n", "no certificate or key"),
        ("tsconfig.json", b"{ // comment\n \"a\": 1, }\n", "no certificate or key"),
        ("values.yaml", b"a: [1,\n", "no certificate or key"),
        ("deployment.json", b"{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}", "no certificate or key"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data"),
        ("prog", b"\x7FELF\x02\x01\x01\0", "a program (ELF)"),
        ("old.tar.gz", b"\x1F\x8B\x08\0\0", "a gzip archive"),
        (".gitkeep", b"", "empty"),
        ("apply.sh", b"set -e\nkubectl apply -f - <<EOF\napiVersion: v1\nkind: Secret\nstringData: {a: b}\nEOF\n", "no certificate or key"),
        ("chart.yaml", b"apiVersion: v1\nkind: Secret\ndata:\n{{- if .Values.tls }}\n  tls.crt: {{ .Values.tls.crt }}\n{{- end }}\n", "no certificate or key"),
        ("sample.env", b"TLS_CERT=LS0tLS1CRUdJTi...\n# OLD=LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIvVENDQWFPZ0F3SUJBZ0lVZm9vYmFy\n", "no certificate or key"),
        ("webhook.yaml", b"apiVersion: v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n- clientConfig: {caBundle: Cg==}\n- clientConfig: {caBundle: \"${CA}\"}\n", "no certificate or key"),
        ("kubeconfig", b"apiVersion: v1\nkind: Config\nclusters:\n- cluster: {certificate-authority-data: DATA+OMITTED}\n", "no certificate or key"),
        ("app.json", b"{ // comment\n \"kind\": \"build\", \"caBundle\": \"/etc/ca.pem\" }\n", "no certificate or key"),
        ("windows.txt", b"\xFF\xFEh\0e\0l\0l\0o\0", "text in UTF-16"),
        ("vault.yml", b"$ANSIBLE_VAULT;1.1;AES256\n6162\n", "a file encrypted with Ansible Vault"),
    ];
    for (name, content, _) in others {
        sandbox.write(&format!("d/{name}"), content);
    }
    sandbox.put("keys/public.key", "d/public.pem");
    sandbox.put("intake/openssh.key", "d/id_ed25519");
    sandbox.put("intake/request.csr", "d/request.csr");
    symlink("nowhere", sandbox.path("d/dangling")).unwrap();

    let run = sandbox.certctl("check d --ca pki/ca.pem -o json");
    run.code(0).stderr_is("");
    let report = run.json();
    assert_eq!(report["valid"], true);
    let skipped: Vec<(String, String)> =
        serde_json::from_value::<Vec<serde_json::Value>>(report["skipped"].clone())
            .unwrap()
            .iter()
            .map(|one| {
                let text = |field: &str| one[field].as_str().unwrap().to_owned();
                (text("path"), text("reason"))
            })
            .collect();
    let all = others.iter().map(|(name, _, reason)| (*name, *reason)).chain([
        ("public.pem", "a public key"),
        ("request.csr", "a certificate request"),
        ("dangling", "a link that leads nowhere"),
    ]);
    for (name, reason) in all {
        let expected = (format!("d/{name}"), reason.to_owned());
        assert!(skipped.contains(&expected), "{expected:?}: {skipped:?}");
    }
    let run = sandbox.certctl("check d --ca pki/ca.pem");
    run.code(0)
        .stdout_has("\nSkipped: d/.gitkeep (empty), ")
        .stdout_has(" more (`-o json` lists them)\n");
    sandbox.certctl("inspect d --expires-within 1d").code(0).stdout_has("Skipped: ");
}

/// Settings of programs that decode them: what is in them is read.
#[test]
fn base64_of_pem_is_read_among_settings() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let [pem, key, other] =
        ["pki/server.pem", "pki/server.key", "pki/client.key"].map(|file| sandbox.text(file));
    let encoded = |text: &str| {
        let block =
            pem_rfc7468::encode_string("X", pem_rfc7468::LineEnding::LF, text.as_bytes()).unwrap();
        block.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n")
    };
    let one_line = |text: &str| encoded(text).replace('\n', "");
    let cases = |key: &str| {
        [
            format!("A=1\nTLS_CERT={}\nEMPTY=\nTLS_KEY={}\nB=2\n", one_line(&pem), one_line(key)),
            format!("export A=\"{}\" B='{}'\r\n", one_line(&pem), one_line(key)),
            format!("tls:\n  crt: {}\n  key: {}\n", one_line(&pem), one_line(key)),
            format!(
                "tls:\n  crt: |\n    {}\n  key: |\n    {}\n",
                encoded(&pem).replace('\n', "\n    "),
                encoded(key).replace('\n', "\n    ")
            ),
            format!("[tls]\ncrt = \"{}\"\nkey = \"{}\"\n", one_line(&pem), one_line(key)),
            format!("{{\"crt\": \"{}\", \"key\": \"{}\"}}", one_line(&pem), one_line(key)),
        ]
    };
    for (good, bad) in cases(&key).iter().zip(cases(&other)) {
        sandbox.write("settings", good);
        sandbox.certctl("check settings --ca pki/ca.pem").code(0).stdout_has("valid as server");
        sandbox.certctl("inspect settings --expires-within 1d").code(0);
        sandbox.write("settings", &bad);
        sandbox.certctl("check settings --ca pki/ca.pem").code(4).stdout_has("private key");
    }
}

#[test]
fn nothing_to_check_is_a_failure_in_every_form() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.write("skipped/notes", "nothing");
    sandbox.write("deep/er/server.pem", sandbox.read("pki/server.pem"));
    for dir in ["empty", "skipped", "deep"] {
        for form in ["text", "json", "junit", "github", "sarif"] {
            let run = sandbox.certctl(&format!("check {dir} --ca pki/ca.pem -o {form}"));
            let said = format!("error: `{dir}` has no certificate to check");
            let is_for_ci = matches!(form, "junit" | "github" | "sarif");
            run.code(1).stderr_has(if is_for_ci { "exit code 1: " } else { &said });
            match form {
                "json" => assert_eq!(run.json()["valid"], false),
                "junit" => drop(run.stdout_has("errors=\"1\"")),
                "github" => drop(run.stdout_has("::error ")),
                "sarif" => {
                    let invocation = &run.json()["runs"][0]["invocations"][0];
                    assert_eq!(invocation["executionSuccessful"], false);
                }
                _ => drop(run.stdout_is("")),
            }
        }
        for command in ["inspect", "inspect --expires-within 30d", "inspect -o json"] {
            sandbox.certctl(&format!("{command} {dir}")).code(1);
        }
        // What is there does not hide what is missing.
        sandbox.certctl(&format!("check pki/server.pem {dir} --ca pki/ca.pem")).code(1);
    }
    sandbox.certctl("check -r deep --ca pki/ca.pem").code(0);
    sandbox.certctl("inspect pki/server.key").code(0);
    sandbox.certctl("inspect pki/server.key --expires-within 30d").code(1);
}

#[test]
fn a_content_decides_in_a_directory_and_not_a_name() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let mut craft = crate::craft::Craft::new("old");
    craft.not_after = "20210101000000Z";
    let old = craft.pem();
    let der = craft.der();
    for name in ["cert", "1a2b3c4d.0", "server.crt.bak", "a.txt", ".hidden", "x.conf"] {
        for (form, content) in [("PEM", old.as_bytes()), ("DER", &der)] {
            let sandbox = Sandbox::new();
            sandbox.write(&format!("d/{name}"), content);
            let run = sandbox.certctl("inspect d --expires-within 1d");
            run.code(4);
            assert!(run.stdout().contains(name), "{name} {form}");
        }
        sandbox.write(&format!("d/{name}"), &old);
        sandbox.certctl("check d --ca pki/ca.pem").code(4).stdout_has(name);
        sandbox.remove(&format!("d/{name}"));
    }
}

#[test]
fn a_bundle_of_anchors_that_cannot_be_read_whole_is_said() {
    let sandbox = Sandbox::with_gen(EC);
    let ca = sandbox.text("ca.pem");
    sandbox.write("bundle.pem", ca.clone() + &ca.replacen("MII", "M!I", 1));
    for line in ["--ca bundle.pem server.pem", "--untrusted bundle.pem server.pem"] {
        let run = sandbox.certctl(&format!("check {line}"));
        run.code(1).stdout_has("server.pem: valid").stderr_has("bundle.pem");
    }
}

#[test]
fn keys_are_found_by_the_names_of_other_tools() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let layouts = [
        ("cert.pem", "key.pem"),
        ("fullchain.pem", "privkey.pem"),
        ("fullchain3.pem", "privkey3.pem"),
        ("cert.pem", "privkey.pem"),
        ("example.com+1.pem", "example.com+1-key.pem"),
        ("web.pem", "web-key.pem"),
        ("web-cert.pem", "web-key.pem"),
        ("web.cert.pem", "web.key.pem"),
        ("web.crt", "web.key"),
        ("tls.crt", "tls.key"),
        ("issued/web.crt", "private/web.key"),
        ("certs/web.pem", "private/web.key"),
        ("web.pem", "private/web.pem.key"),
    ];
    for (certificate, key) in layouts {
        let place = |file: &str| format!("d/{file}");
        let by_name = key != "private/web.pem.key";
        sandbox.write(&place("ca.pem"), sandbox.read("pki/ca.pem"));
        sandbox.write(&place(certificate), sandbox.read("pki/server.pem"));
        for (own, code) in [("pki/server.key", 0), ("pki/client.key", if by_name { 4 } else { 0 })]
        {
            sandbox.write(&place(key), sandbox.read(own));
            sandbox.set_mode(&place(key), 0o600);
            let run = sandbox.certctl("check -r d --ca pki/ca.pem -o json");
            run.code(code);
            let aspects = run.stdout();
            let is_found = !aspects.contains("key-missing");
            assert_eq!(is_found, by_name || code == 0 && own == "pki/server.key", "{certificate}");
            if by_name {
                let run = sandbox.certctl(&format!("check {} --ca pki/ca.pem", place(certificate)));
                run.code(code);
            }
        }
        fs::remove_dir_all(sandbox.path("d")).unwrap();
    }
    // A key beside a certificate is not excused by the right key under another name.
    sandbox.write("d/server.pem", sandbox.read("pki/server.pem"));
    sandbox.write("d/server.key", sandbox.read("pki/client.key"));
    sandbox.write("d/other.key", sandbox.read("pki/server.key"));
    sandbox.certctl("check d --ca pki/ca.pem").code(4).stdout_has("[key]");
}

#[test]
fn files_of_the_working_directory_that_were_not_named_have_no_say() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    sandbox.write("certctl.toml", "[broken\n");
    sandbox.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    sandbox.write("server.key", sandbox.read("pki/client.key"));
    let run = sandbox.certctl("check --ca pki/ca.pem pki/server.pem");
    run.code(0).stderr_is("");
    // What was named counts.
    sandbox.certctl("check --ca pki/ca.pem --config certctl.toml pki/server.pem").code(1);
    sandbox.certctl("check --ca pki/ca.pem .").code(4);
    sandbox.certctl("-d . check --ca pki/ca.pem pki/server.pem").code(1);
}

#[test]
fn four_hundred_thousand_begin_lines_are_one_message() {
    let sandbox = Sandbox::with_gen(EC);
    sandbox.write("big.pem", "-----BEGIN CERTIFICATE-----\n".repeat(400_000));
    for (command, code) in [("inspect big.pem", 1), ("check --ca ca.pem big.pem", 4)] {
        let run = sandbox.certctl_in(5, command);
        run.code(code).stderr_has("the rest of the file was not read");
        assert!(run.stderr().len() + run.stdout().len() < 100_000);
    }
}

/// A key file that no server can use, beside the certificate that needs it.
#[test]
fn a_key_file_that_no_server_reads_is_an_error() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let key = sandbox.text("pki/server.key");
    let files = [
        ("CR line ends", key.replace('\n', "\r")),
        ("indented", key.replace('\n', "\n  ").replacen("-----", "  -----", 1)),
        ("blank lines", key.replace('\n', "\n\n")),
        ("text before BEGIN", key.replacen("-----", "x -----", 1)),
        ("cut off", key[..key.len() / 2].to_owned()),
        ("another END", key.replace("END PRIVATE", "END PUBLIC")),
        ("empty", String::new()),
        ("text", "hello\n".to_owned()),
        ("a certificate", sandbox.text("pki/server.pem")),
    ];
    for (what, content) in files {
        sandbox.write("pki/server.key", content);
        sandbox.certctl("-d pki check server").code(4).stdout_has("server.key");
        println!("{what}");
    }
    for plant in ["ln -s nowhere pki/server.key", "mkdir pki/server.key"] {
        sandbox.sh(&format!("rm -rf pki/server.key; {plant}")).code(0);
        sandbox.certctl("-d pki check server").code(4).stdout_has("server.key");
    }
    // Keys in a TPM have a label of their own.
    sandbox.sh("rm -rf pki/server.key").code(0);
    sandbox.write("pki/server.key", key.replace(" PRIVATE", " TSS2 PRIVATE"));
    sandbox.certctl("-d pki check server").code(0).stdout_has("a type that certctl does not know");
}

#[test]
fn one_certificate_and_one_key_are_meant_for_each_other() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let names =
        [("public.crt", "private.key"), ("servercert.pem", "serverkey.pem"), ("A.CRT", "B.KEY")];
    for (certificate, key) in names {
        for (from, code) in [("server", 0), ("client", 4)] {
            sandbox.sh("rm -rf d && mkdir d").code(0);
            sandbox.write(&format!("d/{certificate}"), sandbox.read("pki/server.pem"));
            sandbox.write(&format!("d/{key}"), sandbox.read(&format!("pki/{from}.key")));
            sandbox.certctl("check d --ca pki/ca.pem").code(code);
        }
    }
}

/// `--host` is for servers: a CA that is found in the same directory is not asked.
#[test]
fn a_ca_in_a_directory_is_not_asked_for_a_host() {
    let sandbox = Sandbox::with_gen(&format!("-d pki --cn a.example {EC}"));

    sandbox.certctl("-d pki check --host a.example").code(0);
    sandbox.certctl("check pki --ca pki/ca.pem --host a.example").code(0);
    sandbox.certctl("-d pki check server --host b.example").code(4);
}

/// Without its certificate no server starts with the key beside it.
#[test]
fn the_certificate_of_a_key_must_be_one() {
    let (html, dh) = (
        "<!DOCTYPE html><html></html>",
        "-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n",
    );
    let sandbox = Sandbox::with_gen(EC);
    sandbox.certctl("csr web").code(0);
    let csr = sandbox.text("web.csr");
    let key = sandbox.text("client.key");
    for content in [html, dh, &csr, &key] {
        sandbox.write("server.pem", content);
        for command in ["check", "check -r .", "check ."] {
            sandbox.certctl(command).code(1).stderr_has("server.pem");
        }
    }
    // Under another name it is skipped, as before.
    sandbox.certctl("renew server").code(1);
    let sandbox = Sandbox::with_gen(EC);
    sandbox.write("notes.pem", html);
    sandbox.certctl("check").code(0).stderr_lacks("notes.pem");
}

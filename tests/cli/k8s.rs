//! `certctl k8s secret`: what `kubectl create secret` would make, and what goes into no Secret.

use serde_json::{Value, json};

use crate::{
    cert::elements,
    craft::pem,
    sandbox::{Run, Sandbox},
    secrets::Secrets,
};

const MIB: usize = 1 << 20;

fn p256() -> Sandbox {
    Sandbox::with_gen("--cn localhost --key-type ecdsa:p256")
}

/// An intermediate as the CA, and the identity `leaf` with the chain in its file.
fn chain() -> Sandbox {
    Sandbox::with_fixtures("chain")
}

/// The files of a Secret, by its JSON.
pub fn data(secret: &Value) -> Vec<(String, Vec<u8>)> {
    let data = secret["data"].as_object().unwrap();
    data.iter().map(|(key, text)| (key.clone(), base64(text.as_str().unwrap()))).collect()
}

/// Strict: one line, its padding, nothing else.
fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    assert_eq!(text.len() % 4, 0, "{text}");
    let letters = text.trim_end_matches('=');
    let (mut bits, mut count, mut octets) = (0_u32, 0, Vec::new());
    for letter in letters.chars() {
        bits = bits << 6 | u32::try_from(ALPHABET.find(letter).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    assert_eq!(bits & ((1 << count) - 1), 0, "spare bits in {text}");
    octets
}

/// Asserts which files the Secret holds, octet by octet.
#[track_caller]
fn assert_holds(sandbox: &Sandbox, secret: &Value, files: &[(&str, &str)]) {
    let expected: Vec<(String, Vec<u8>)> =
        files.iter().map(|(key, file)| ((*key).to_owned(), sandbox.read(file))).collect();
    assert!(data(secret) == expected, "{secret:#}");
}

/// Every key in the directory that is whole.
fn keys(sandbox: &Sandbox) -> Secrets {
    let contents = sandbox.files().into_iter().map(|file| sandbox.read(&file));
    let is_whole = |content: &Vec<u8>| {
        content.starts_with(b"-----BEGIN PRIVATE KEY-----\n")
            && content.ends_with(b"\n-----END PRIVATE KEY-----\n")
    };
    Secrets::of(&contents.filter(is_whole).collect::<Vec<_>>())
}

/// Fails, with nothing on standard output, nothing left behind and no key shown.
#[track_caller]
fn refused(sandbox: &Sandbox, line: &str, code: i32, said: &[&str]) -> Run {
    let before = sandbox.digest();
    let run = sandbox.certctl(line);
    run.code(code).stdout_is("");
    for part in said {
        run.stderr_has(part);
    }
    keys(sandbox).assert_kept(&run);
    assert_eq!(sandbox.digest(), before, "{line}");
    run
}

#[test]
fn the_three_files_of_the_vendors_recipe() {
    let sandbox = p256();
    let files = [("ca.pem", "ca.pem"), ("server.key", "server.key"), ("server.pem", "server.pem")];

    for line in ["k8s secret", "k8s secret server --name certs --type generic"] {
        let secret = sandbox.certctl(&format!("-o json {line}")).code(0).json();
        assert_eq!(secret["apiVersion"], "v1", "{line}");
        assert_eq!(secret["kind"], "Secret");
        assert_eq!(secret["metadata"], json!({ "name": "certs" }));
        assert_eq!(secret["type"], "Opaque");
        assert_holds(&sandbox, &secret, &files);
    }
    let secret = sandbox.certctl("-o json k8s secret client --name app").code(0).json();
    assert_eq!(secret["metadata"]["name"], "app");
    assert_holds(
        &sandbox,
        &secret,
        &[("ca.pem", "ca.pem"), ("client.key", "client.key"), ("client.pem", "client.pem")],
    );
}

#[test]
fn yaml_is_one_line_a_field_in_the_order_of_the_fields() {
    let sandbox = p256();
    let run = sandbox.certctl_args(&[
        "k8s",
        "secret",
        "--name",
        "1e3",
        "-n",
        "true",
        "--label",
        "a=null",
        "--annotation",
        "y=no",
    ]);
    let text = run.code(0).stdout();
    let data = text.find("  ca.pem: ").unwrap();
    assert_eq!(
        &text[..data],
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"1e3\"\n  namespace: \"true\"\n  \
         labels:\n    a: \"null\"\n  annotations:\n    \"y\": \"no\"\ntype: Opaque\ndata:\n"
    );
    let keys: Vec<&str> =
        text[data..].lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(keys, ["  ca.pem", "  server.key", "  server.pem"]);
    for form in ["-o yaml", "-o text", "-q"] {
        let line = format!("{form} k8s secret --name 1e3 -n true --label a=null --annotation y=no");
        sandbox.certctl(&line).code(0).stdout_is(&text);
    }
}

#[test]
fn the_note_is_for_people_and_names_the_file() {
    let sandbox = p256();
    sandbox.certctl("k8s secret").code(0).stderr_has("kubectl apply --server-side -f -\n");
    sandbox.certctl("-q k8s secret").code(0).stderr_is("");
    let run = sandbox.certctl("k8s secret --out-file secret.yaml");
    run.code(0).stdout_is("").stderr_has("kubectl apply --server-side -f secret.yaml\n");
    assert_eq!(sandbox.mode("secret.yaml"), 0o600);

    std::os::unix::fs::symlink("secret.yaml", sandbox.path("link")).unwrap();
    let run = sandbox.certctl("k8s secret --out-file link");
    run.code(1)
        .stdout_is("")
        .stderr_has("`link`: it is a symbolic link")
        .stderr_lacks("kubectl apply");

    sandbox.write("lax.json", "old");
    sandbox.set_mode("lax.json", 0o644);
    sandbox
        .certctl("-q -o json k8s secret --out-file lax.json")
        .code(0)
        .stdout_is("")
        .stderr_is("");
    assert_eq!(sandbox.mode("lax.json"), 0o600);
    let secret: Value = serde_json::from_str(&sandbox.text("lax.json")).unwrap();
    assert_eq!(data(&secret).len(), 3);
}

#[test]
fn a_tls_secret_has_the_names_that_ingress_reads() {
    let sandbox = p256();
    let secret = sandbox.certctl("-o json k8s secret --type tls --name web").code(0).json();

    assert_eq!(secret["type"], "kubernetes.io/tls");
    assert_holds(
        &sandbox,
        &secret,
        &[("ca.crt", "ca.pem"), ("tls.crt", "server.pem"), ("tls.key", "server.key")],
    );
}

#[test]
fn a_chain_in_order_stays_as_it_is_and_any_other_is_put_in_order() {
    let sandbox = chain();
    let blocks = |file: &str| {
        let text = sandbox.text(file);
        text.split_inclusive("-----END CERTIFICATE-----\n").map(str::to_owned).collect::<Vec<_>>()
    };
    let [leaf, intermediate] = &blocks("leaf.pem")[..] else { panic!("a chain of two") };
    let root = &blocks("root.pem")[0];
    let in_order = format!("{leaf}{intermediate}");

    let kept = [in_order.clone(), format!("a leaf\n{leaf}above it\n{intermediate}"), leaf.clone()];
    for text in kept {
        sandbox.write("leaf.pem", &text);
        let run = sandbox.certctl("-o json k8s secret leaf --type tls");
        run.code(0).stderr_lacks("order");
        assert_eq!(data(&run.json())[1].1, text.as_bytes());
    }
    let rebuilt = [
        format!("{intermediate}{leaf}"),
        format!("{root}{intermediate}{leaf}"),
        format!("{leaf}{intermediate}{root}"),
        format!("{leaf}{intermediate}{leaf}"),
        format!("\u{feff}{leaf}{intermediate}"),
    ];
    for text in rebuilt {
        sandbox.write("leaf.pem", &text);
        let run = sandbox.certctl("-o json k8s secret leaf --type tls");
        run.code(0).stderr_has("note: tls.crt has the order of TLS");
        assert_eq!(
            data(&run.json())[1],
            ("tls.crt".into(), in_order.clone().into_bytes()),
            "{text}"
        );
        // The generic one holds the file, and says what servers will say.
        let run = sandbox.certctl("-o json k8s secret leaf");
        assert_eq!(data(&run.code(0).json())[2].1, text.as_bytes());
        if !text.trim_start_matches('\u{feff}').starts_with(leaf) {
            run.stderr_has("does not begin with the certificate of its key");
            let run = sandbox.certctl("k8s secret --file leaf.pem --file leaf.key");
            run.code(0).stderr_has("does not begin with the certificate of its key");
        }
    }
}

#[test]
fn a_key_in_der_becomes_pem_for_tls() {
    let sandbox = p256();
    let key = sandbox.text("server.key");
    sandbox.sh("sed '/^-/d' server.key | base64 -d > der; mv der server.key").code(0);

    let secret = sandbox.certctl("-o json k8s secret --type tls").code(0).json();
    assert_eq!(data(&secret)[2], ("tls.key".into(), key.into_bytes()));
    let run = sandbox.certctl("-o json k8s secret");
    run.code(0).stderr_has("warning: `server.key` is DER, or begins with a byte order mark: what reads `server.key` expects plain PEM");
    assert_eq!(data(&run.json())[1].1, sandbox.read("server.key"));
}

#[test]
fn files_are_those_named_and_stand_where_one_stands() {
    let sandbox = p256();
    sandbox.write("conf/app.conf", "port = 1\n");
    sandbox.write("conf/empty", "");
    let line = "-o json -d elsewhere k8s secret --name app --file conf/app.conf --file nothing=conf/empty \
                --file server.pem --file key=./server.key";
    let secret = sandbox.certctl(line).code(0).json();
    assert_holds(
        &sandbox,
        &secret,
        &[
            ("app.conf", "conf/app.conf"),
            ("key", "server.key"),
            ("nothing", "conf/empty"),
            ("server.pem", "server.pem"),
        ],
    );
    let line = "-o json k8s secret --type tls --file tls.crt=server.pem --file tls.key=server.key";
    let secret = sandbox.certctl(line).code(0).json();
    assert_holds(&sandbox, &secret, &[("tls.crt", "server.pem"), ("tls.key", "server.key")]);
}

#[test]
fn all_makes_a_secret_for_each_identity() {
    let sandbox = p256();
    sandbox.certctl("issue Redis_1 --key-type ecdsa:p256").code(0);
    sandbox.certctl("issue gone --key-type ecdsa:p256").code(0);
    sandbox.remove("gone.key");

    let run = sandbox.certctl("-o json k8s secret --all -n db");
    run.code(0).stderr_has("gone.pem was signed for a key that is not here: left out");
    let list = run.json();
    assert_eq!((&list["apiVersion"], &list["kind"]), (&json!("v1"), &json!("List")));
    let items = list["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| &item["metadata"]["name"]).collect();
    assert_eq!(names, ["client", "redis-1", "server"]);
    assert!(items.iter().all(|item| item["metadata"]["namespace"] == "db"));
    let redis =
        [("Redis_1.key", "Redis_1.key"), ("Redis_1.pem", "Redis_1.pem"), ("ca.pem", "ca.pem")];
    assert_holds(&sandbox, &items[1], &redis);

    let text = sandbox.certctl("k8s secret --all --name milvus --type tls").code(0).stdout();
    let documents: Vec<&str> = text.split("---\n").collect();
    assert_eq!(documents.len(), 3);
    for (document, name) in documents.iter().zip(["client", "redis-1", "server"]) {
        assert!(document.contains(&format!("\n  name: milvus-{name}\n")), "{document}");
    }
}

#[test]
fn a_plan_says_which_identities_all_is() {
    let sandbox = Sandbox::new();
    let plan = "[defaults]\nkey_type = \"ecdsa:p256\"\n[[certificate]]\nname = \"b\"\n\
                [[certificate]]\nname = \"a\"\nusage = \"client\"\n";
    sandbox.write("certctl.toml", plan);
    sandbox.certctl("gen").code(0);
    sandbox.certctl("issue stray").code(0);

    let list = sandbox.certctl("-o json k8s secret --all").code(0).json();
    let names: Vec<_> = list["items"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 2);
    assert_eq!(
        (&names[0]["metadata"]["name"], &names[1]["metadata"]["name"]),
        (&json!("a"), &json!("b"))
    );
    sandbox.remove("a.key");
    refused(&sandbox, "k8s secret --all", 1, &["`a.key` does not exist"]);
    sandbox.remove("a.pem");
    refused(
        &sandbox,
        "k8s secret --all",
        1,
        &["`a.pem` does not exist, and the plan", "hint: certctl gen\n"],
    );
}

#[test]
fn identities_that_give_no_name_or_one_name_are_told_before_anything_is_printed() {
    let sandbox = p256();
    for name in ["a-b", "A_b", "x..y"] {
        sandbox.certctl(&format!("issue {name} localhost --key-type ecdsa:p256")).code(0);
    }
    refused(
        &sandbox,
        "k8s secret --all",
        1,
        &[
            "identities `A_b` and `a-b` would both be the Secret `a-b`",
            "identity `x..y` cannot be the name of an object",
            "certctl k8s secret x..y --name NAME",
        ],
    );
    sandbox.certctl("-q k8s secret x..y --name xy").code(0);
    refused(&Sandbox::new(), "k8s secret --all", 1, &["no CA in this directory"]);
}

#[test]
fn a_key_of_another_certificate_is_refused_with_both_named() {
    let sandbox = p256();
    for line in [
        "k8s secret --file server.pem --file client.key",
        "k8s secret --file ca.pem --file server.pem --file client.key",
        "k8s secret --type tls --file tls.crt=server.pem --file tls.key=client.key",
    ] {
        refused(&sandbox, line, 1, &["private key `client.key` (", "certificate `server.pem` ("]);
    }
    // Two pairs at once are fine, and so is a key alone.
    let all =
        "-q k8s secret --file server.pem --file server.key --file client.pem --file client.key";
    sandbox.certctl(all).code(0);
    sandbox.certctl("-q k8s secret --file server.key").code(0);

    sandbox.write("server.key", sandbox.read("client.key"));
    for line in ["k8s secret", "k8s secret --type tls", "-o yaml k8s secret --all"] {
        let said =
            ["private key `server.key` (", "certificate `server.pem` (", "certctl renew server"];
        refused(&sandbox, line, 1, &said);
    }
}

#[test]
fn the_key_of_the_ca_goes_into_no_secret() {
    let sandbox = Sandbox::with_gen("--cn localhost");
    let pkcs8 = sandbox.read("ca.key");
    let der = {
        use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
        PrivateKeyDer::from_pem_slice(&pkcs8).unwrap().secret_der().to_vec()
    };
    let pkcs1 = elements(&elements(&der)[0].content)[2].content.clone();
    sandbox.write("pkcs1.key", pem("RSA PRIVATE KEY", &pkcs1));
    sandbox.write("raw.key", &der);
    sandbox.write("deep/both.pem", [sandbox.read("ca.pem"), pkcs8.clone()].concat());
    sandbox.write("bom.key", [b"\xEF\xBB\xBF", &pkcs8[..]].concat());
    std::os::unix::fs::symlink("ca.key", sandbox.path("link")).unwrap();
    let text = String::from_utf8(pkcs8.clone()).unwrap().replace('\n', "\n  ");
    sandbox.write("inner.yaml", format!("kind: ConfigMap\ndata:\n  x: |\n  {text}"));

    for file in ["ca.key", "link", "pkcs1.key", "raw.key", "deep/both.pem", "bom.key", "inner.yaml"]
    {
        let said = format!("`{file}` holds the private key of the CA");
        for line in [
            format!("k8s secret --name x --file x={file}"),
            format!("k8s secret --file server.pem --file server.key --file x={file}"),
            format!("k8s secret --type tls --file tls.crt=server.pem --file tls.key={file}"),
        ] {
            refused(&sandbox, &line, 1, &[&said]);
        }
    }
    // Another CA at hand does not hide whose key it is, nor does a missing certificate.
    let other = Sandbox::with_gen("--cn other --key-type ecdsa:p256");
    sandbox.write("other.pem", other.read("ca.pem"));
    refused(&sandbox, "--ca other.pem k8s secret --file ca.key", 1, &["private key of the CA"]);
    let far = sandbox.path("ca.key").display().to_string();
    refused(&other, &format!("k8s secret --file {far}"), 1, &["private key of the CA"]);
    refused(&sandbox, "--ca deep/both.pem k8s secret", 1, &["`deep/both.pem` has a private key"]);
    for copy in ["root.pem", "root.key"] {
        sandbox.write(copy, sandbox.read(&copy.replace("root", "ca")));
    }
    refused(&sandbox, "k8s secret root", 1, &["private key of the CA"]);
    sandbox.remove("ca.pem");
    refused(&sandbox, "k8s secret --file link", 1, &["private key of the CA"]);

    // An intermediate by the certificate beside it.
    let chain = chain();
    for (from, to) in [("ca.pem", "far/int.crt"), ("ca.key", "far/int.key")] {
        chain.write(to, chain.read(from));
        chain.remove(from);
    }
    refused(&chain, "-d far k8s secret --file far/int.key", 1, &["private key of the CA"]);
}

#[test]
fn a_key_in_the_file_of_its_certificate_is_refused() {
    let sandbox = p256();
    sandbox.write("server.pem", [sandbox.read("server.pem"), sandbox.read("server.key")].concat());
    for line in [
        "k8s secret",
        "k8s secret --type tls",
        "k8s secret --type tls --file tls.crt=server.pem --file tls.key=server.key",
    ] {
        refused(&sandbox, line, 1, &["`server.pem` has a private key beside the certificate"]);
    }
}

#[test]
fn what_cannot_be_read_or_is_not_there_is_said() {
    let sandbox = p256();
    for file in ["encrypted.key", "encrypted-sec1.key"] {
        sandbox.put(&format!("keys/{file}"), file);
        refused(
            &sandbox,
            &format!("k8s secret --file {file}"),
            1,
            &[file, "encrypted private key"],
        );
    }
    let key = sandbox.text("client.key");
    sandbox.write("cut.key", &key[..key.len() / 2]);
    sandbox.write("odd.key", key.replace("PRIVATE", "MAGIC PRIVATE"));
    sandbox.write("cut.pem", &sandbox.text("server.pem")[..400]);
    sandbox.write("empty.pem", "");
    sandbox.write("empty.key", sandbox.read("server.key"));
    let cases = [
        ("--file cut.key", 1, "cut.key"),
        ("--file odd.key", 1, "odd.key"),
        ("--file cut.pem", 1, "cut.pem"),
        ("empty", 1, "empty.pem"),
        ("nobody", 1, "nobody.pem"),
        ("--file nobody.pem", 1, "nobody.pem"),
        ("--file x=.", 2, "not PATH"),
        (
            "--file x=/etc",
            1,
            "`/etc` is a directory, not a regular file\nhint: write what it holds",
        ),
        ("--file /dev/zero", 1, "/dev/zero"),
        ("--ca nowhere.pem", 1, "nowhere.pem"),
    ];
    for (flags, code, said) in cases {
        refused(&sandbox, &format!("k8s secret {flags}"), code, &[said]);
    }
    sandbox.remove("server.key");
    refused(&sandbox, "k8s secret", 1, &["`server.key` does not exist"]);
    // A keystore that nobody can look into is said, and taken.
    sandbox.put("intake/modern.p12", "app.p12");
    let run = sandbox.certctl("k8s secret --file app.p12");
    run.code(0).stderr_has("warning: `app.p12` needs a password");
}

#[test]
fn a_secret_holds_a_mebibyte() {
    let sandbox = p256();
    for (length, more, code) in [(MIB, 0, 0), (MIB + 1, 0, 1), (MIB, 1, 1), (3 * MIB, 0, 1)] {
        sandbox.write("big", vec![b'x'; length]);
        sandbox.write("more", vec![b'x'; more]);
        let run = sandbox.certctl("-q k8s secret --file big --file more");
        run.code(code);
        if code == 1 {
            run.stdout_is("").stderr_has("a Secret holds at most 1,048,576 bytes");
        }
    }
}

#[test]
fn flags_are_judged_as_the_api_server_would() {
    let sandbox = p256();
    let long = "a".repeat(254);
    let cases: &[(&[&str], &str)] = &[
        (&["--name", "A"], "lower-case letters"),
        (&["--name", "a_b"], "lower-case letters"),
        (&["--name", "x\n---\nkind: Pod"], "lower-case letters"),
        (&["--name", "{{ x }}"], "lower-case letters"),
        (&["--name", &long], "at most 253"),
        (&["-n", "a.b"], "not a namespace name"),
        (&["--label", "a"], "KEY=VALUE"),
        (&["--label", "a-=b"], "not a label key"),
        (&["--label", "a=b c"], "not a label value"),
        (&["--label", "a=\"#"], "not a label value"),
        (&["--label", "a=1", "--label", "a=2"], "given twice"),
        (&["--annotation", "!!python/object=x"], "not an annotation key"),
        (&["--annotation", "a=1", "--annotation", "a=2"], "given twice"),
        (&["--file", "a=b=c"], "contain `=`"),
        (&["--file", "x="], "PATH"),
        (&["--file", "=server.pem"], "PATH"),
        (&["--file", "a/b=server.pem"], "not a Secret key"),
        (&["--file", "..x=server.pem"], "not a Secret key"),
        (&["--file", "server.pem", "--file", "x/server.pem"], "two files would be `server.pem`"),
        (&["--type", "tls", "--file", "server.pem"], "`tls.crt` and `tls.key`"),
        (&["--type", "dockerconfigjson"], "--type"),
        (&["server", "--all"], "--all"),
        (&["server", "--file", "server.pem"], "--file"),
        (&["--all", "--file", "server.pem"], "--file"),
        (&["ca"], "is reserved"),
    ];
    for (flags, said) in cases {
        let run = sandbox.certctl_args(&[&["k8s", "secret"], *flags].concat());
        run.code(2).stdout_is("").stderr_has(said);
    }
    // A single argument is no longer than 128 KiB.
    let [a, b] = ["a", "b"].map(|key| format!("{key}={}", "x".repeat(100_000)));
    for (length, code) in [(62_141, 0), (62_142, 2)] {
        let c = format!("c={}", "x".repeat(length));
        let flags = ["--annotation", &a, "--annotation", &b, "--annotation", &c];
        let run = sandbox.certctl_args(&[&["-q", "k8s", "secret"], &flags[..]].concat());
        assert_eq!(run.stderr().contains("262144 at most"), code == 2);
        assert_eq!(run.stdout().is_empty(), code == 2);
    }
}

#[test]
fn check_and_inspect_read_a_secret_back() {
    let sandbox = p256();
    for form in ["yaml", "json"] {
        for kind in ["generic", "tls", "generic --all", "tls --all"] {
            let file = format!("secret.{form}");
            sandbox
                .certctl(&format!("-q -o {form} k8s secret -n db --out-file {file} --type {kind}"))
                .code(0);
            let run = sandbox.certctl(&format!("check {file}"));
            run.code(0).stdout_lacks("error").stdout_lacks("has no private key");
            let run = sandbox.certctl(&format!("inspect {file}"));
            run.code(0).stdout_has("localhost").stdout_has("db/");
            sandbox.remove(&file);
        }
        for pipe in ["check -", "inspect -", "check --host localhost -"] {
            sandbox.sh(&format!("$CERTCTL -q -o {form} k8s secret | $CERTCTL {pipe}")).code(0);
        }
    }
}

#[test]
fn what_clients_will_say_is_said_and_stops_nobody() {
    let sandbox = p256();
    let other = Sandbox::with_gen("--cn other --key-type ecdsa:p256");
    sandbox.write("other.pem", other.read("ca.pem"));
    let run = sandbox.certctl("--ca other.pem k8s secret");
    run.code(0).stderr_has("warning: `server.pem` ").stderr_has("check server.pem");
    sandbox.certctl("k8s secret").code(0).stderr_lacks("warning");
}

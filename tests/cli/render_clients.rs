//! `certctl render redis-py|redis-cli|curl|openssl`, and what all clients share.

use std::{fs, path::Path};

use crate::sandbox::{Run, Sandbox, fixtures};

const CLIENTS: [&str; 4] = ["redis-py", "redis-cli", "curl", "openssl"];

fn set() -> Sandbox {
    Sandbox::with_gen("--cn localhost --key-type ecdsa:p256")
}

#[test]
fn redis_py_as_it_is() {
    let set = set();
    set.certctl("render redis-py").code(0).stderr_is("").stdout_is(
        r#"# Redis over TLS with redis-py: pip install redis
import redis

client = redis.Redis(
    host="localhost",
    port=6379,
    ssl=True,
    # The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
    ssl_ca_certs="ca.pem",
    ssl_cert_reqs="required",
    # Before version 6, redis-py checks the name of the server only with this.
    ssl_check_hostname=True,
)
print(client.ping())
# After `certctl renew` there is nothing to do here: the CA stays.
"#,
    );
    set.certctl("render redis-py --mutual --auth --host ::1 --port 7000").code(0).stdout_is(
        r#"# Redis over TLS with redis-py: pip install redis
import os

import redis

client = redis.Redis(
    host="::1",
    port=7000,
    ssl=True,
    # The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
    ssl_ca_certs="ca.pem",
    ssl_cert_reqs="required",
    # Before version 6, redis-py checks the name of the server only with this.
    ssl_check_hostname=True,
    # The client certificate.
    ssl_certfile="client.pem",
    ssl_keyfile="client.key",
    # From the environment: neither the file nor the list of processes shows them.
    username=os.environ.get("REDIS_USERNAME"),
    password=os.environ["REDIS_PASSWORD"],
)
print(client.ping())
# `certctl renew` changes the files that this reads. New connections take them, with no restart.
"#,
    );
}

#[test]
fn redis_cli_as_it_is() {
    let set = set();
    set.certctl("render redis-cli").code(0).stderr_is("").stdout_is(
        r#"#!/bin/sh
# Redis over TLS with redis-cli. The arguments of this script are the Redis command; the default is PING.
#
# redis-cli does not check the name in the certificate: it accepts any server certificate of this CA. This
# checks the name: certctl render openssl --service redis
set -eu

[ "$#" -gt 0 ] || set -- PING
# The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
exec redis-cli -h localhost -p 6379 --tls --cacert ca.pem \
  --sni localhost \
  "$@"
# After `certctl renew` there is nothing to do here: the CA stays.
"#,
    );
    let mutual = set.certctl("render redis-cli --mutual --auth --host 127.0.0.1 --mount /etc/tls/");
    mutual.code(0).stdout_has(
        r#"
# redis-cli reads the password from this variable, so that the list of processes does not show it.
: "${REDISCLI_AUTH:?is the password}"
export REDISCLI_AUTH

[ "$#" -gt 0 ] || set -- PING
# The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
exec redis-cli -h 127.0.0.1 -p 6379 --tls --cacert /etc/tls/ca.pem \
  --cert /etc/tls/client.pem --key /etc/tls/client.key \
  ${REDIS_USERNAME:+--user "$REDIS_USERNAME"} \
  "$@"
# After `certctl renew` bring client.pem and client.key here again. The next run takes them.
"#,
    );
}

#[test]
fn curl_as_it_is() {
    let set = set();
    set.certctl("render curl").code(0).stderr_is("").stdout_is(
        r"#!/bin/sh
# Milvus over HTTPS with curl: the port of its REST interface (proxy.http.port), not that of gRPC.
# Milvus 2.3 and before: --path /v1/vector/collections
set -eu

# The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
# Without --capath curl would trust the CAs of the system as well.
curl --silent --show-error --fail --globoff --cacert ca.pem --capath /dev/null \
  --header 'Content-Type: application/json' --data '{}' \
  https://localhost:8080/v2/vectordb/collections/list
# After `certctl renew` there is nothing to do here: the CA stays.
",
    );
    set.certctl("render curl --auth --path /v1/vector/collections --host ::1").code(0).stdout_has(
        r#"set -eu

# The header goes through a pipe, so that the list of processes does not show it.
: "${MILVUS_TOKEN:?is USER:PASSWORD}"
printf 'Authorization: Bearer %s\n' "$MILVUS_TOKEN" |
# The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
# Without --capath curl would trust the CAs of the system as well.
curl --silent --show-error --fail --globoff --cacert ca.pem --capath /dev/null \
  --header @- \
  'https://[::1]:8080/v1/vector/collections'
"#,
    );
    set.certctl("render curl --service qdrant --auth --mutual").code(0).stdout_is(
        r#"#!/bin/sh
# Qdrant over HTTPS with curl.
set -eu

# The header goes through a pipe, so that the list of processes does not show it.
: "${QDRANT_API_KEY:?is the API key}"
printf 'api-key: %s\n' "$QDRANT_API_KEY" |
# The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
# Without --capath curl would trust the CAs of the system as well.
curl --silent --show-error --fail --globoff --cacert ca.pem --capath /dev/null \
  --cert client.pem --key client.key \
  --header @- \
  https://localhost:6333/collections
# `certctl renew` changes the files that this reads. The next run takes them.
"#,
    );
}

#[test]
fn openssl_as_it_is() {
    let set = set();
    set.certctl("render openssl --mutual --service redis").code(0).stderr_is("").stdout_is(
        r"#!/bin/sh
# Shows the handshake: the server certificate, the protocol, and whether a client would trust it. The exit
# code is 0 if it would.
set -eu

# With TLS 1.3 the server verifies a client certificate after the handshake: the sleep gives it time.
# The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
sleep 1 | openssl s_client -brief -verify_return_error \
  -connect localhost:6379 -CAfile ca.pem -no-CApath -no-CAstore \
  -cert client.pem -key client.key \
  -servername localhost -verify_hostname localhost
# `certctl renew` changes the files that this reads. The next run takes them.
",
    );
    set.certctl("render openssl --host [::1]").code(0).stdout_has(
        "-connect '[::1]:19530' -CAfile ca.pem -no-CApath -no-CAstore \\\n  -noservername -verify_ip ::1\n",
    );
    set.certctl("render openssl --service qdrant").code(0).stdout_has("-connect localhost:6333 ");
}

#[test]
fn the_host_is_the_common_name_if_it_is_a_name_and_else_the_first_that_can_be_dialled() {
    // What the server is issued with, whom the client then asks for.
    let rows = [
        ("b.example a.example --cn a.example", "a.example"),
        ("b.example a.example --cn München", "b.example"),
        ("*.example.com URI:spiffe://x/y 10.0.0.1 c.example --cn München", "10.0.0.1"),
        ("bücher.example", "xn--bcher-kva.example"),
    ];
    for (flags, host) in rows {
        let set = set();
        let args: Vec<&str> =
            format!("issue s {flags} --key-type ecdsa:p256").leak().split(' ').collect();
        set.certctl_args(&args).code(0);
        let script = set.certctl("render redis-py --identity s").code(0).stdout();
        assert!(script.contains(&format!("host=\"{host}\"")), "{flags}: {script}");
    }
    let set = set();
    set.certctl("issue s *.example.com --cn München --key-type ecdsa:p256").code(0);
    set.certctl("render redis-py --identity s --host a.example.com").code(0);
    refused(
        &set,
        "redis-py --identity s",
        "has no name that a client could ask for",
        "certctl renew s --san HOST",
    );
}

#[test]
fn what_does_not_fit_is_told_with_the_command_that_mends_it() {
    let set = set();
    set.certctl("issue other other.example --key-type ecdsa:p256").code(0);
    let gen_sh = Sandbox::with_fixtures("gen-sh");
    for client in CLIENTS {
        let cases: [(&Sandbox, &str, &str, &str); 5] = [
            (
                &set,
                "--host db.example",
                "is not for `db.example`",
                "certctl renew server --san 'db.example'",
            ),
            (
                &set,
                "--identity client --host localhost",
                "allows clientAuth only",
                "certctl renew client --usage server",
            ),
            (
                &set,
                "--mutual --client other",
                "allows serverAuth only",
                "certctl renew other --usage client",
            ),
            (
                &set,
                "--mutual --client nobody",
                "`nobody.pem` does not exist",
                "`certctl issue nobody HOST",
            ),
            (&gen_sh, "--mutual", "allows serverAuth only", "certctl renew client --usage client"),
        ];
        for (sandbox, flags, message, hint) in cases {
            refused(sandbox, &format!("{client} {flags}"), message, hint);
        }
    }
    // The command is the right one.
    gen_sh.certctl("renew client --usage client --key-type ecdsa:p256").code(0);
    gen_sh.certctl("render openssl --mutual").code(0);
    set.certctl("renew server --san db.example").code(0);
    set.certctl("render curl --host db.example").code(0);

    let other = Sandbox::with_gen("--cn elsewhere --key-type ecdsa:p256");
    set.write("ca.pem", other.read("ca.pem"));
    refused(&set, "curl", "server.pem", "name the CA that signed it: `--ca FILE`");
}

#[test]
fn what_means_nothing_to_a_client_is_a_usage_error() {
    let set = set();
    let rows = [
        ("redis-py --service redis", "`--service` is for curl and openssl"),
        ("redis-cli --path /x", "`--path` is for curl alone"),
        ("openssl --path /x", "`--path` is for curl alone"),
        ("openssl --auth", "logs in nowhere"),
        ("openssl --client server", "--mutual"),
        ("curl --service redis", "does not speak HTTP"),
        ("curl --path @elsewhere.example/", "--path is not one of a URL"),
        ("curl --path /a\u{a0}b", "--path is not one of a URL"),
        ("redis-py --host *.example.com", "is not a host that a client can connect to"),
        ("redis-py --host URI:a://b", "is not a host that a client can connect to"),
        ("redis-py --host a;b", "--host: `a;b` holds"),
        ("redis-py --port 0", "--port"),
        ("redis-py --mount ", "--mount is empty"),
        ("redis-py --mount a\nb", "--mount holds U+000A"),
    ];
    for (line, message) in rows {
        let args: Vec<&str> = ["render"].into_iter().chain(line.split(' ')).collect();
        set.certctl_args(&args).code(2).stdout_is("").stderr_has(message);
    }
}

#[test]
fn a_ca_that_python_refuses_is_said() {
    let gen_sh = Sandbox::with_fixtures("gen-sh");
    gen_sh
        .certctl("render redis-py")
        .code(0)
        .stderr_has("Python 3.13 refuses it: `certctl renew ca`");
    gen_sh.certctl("render redis-cli").code(0).stderr_is("");
}

#[test]
fn a_directory_for_the_client_holds_the_script_the_ca_and_its_pair_and_no_ca_key() {
    for (client, script) in [
        ("redis-py", "connect.py"),
        ("redis-cli", "connect.sh"),
        ("curl", "connect.sh"),
        ("openssl", "connect.sh"),
    ] {
        let set = set();
        set.certctl(&format!("render {client} --out-dir one")).code(0).stderr_is("");
        set.certctl(&format!("render {client} --mutual --out-dir two"))
            .code(0)
            .stdout_has("Wrote two:");
        let laid_out: Vec<String> =
            set.files().into_iter().filter(|file| file.contains('/')).collect();
        let mut expected = vec!["one/ca.pem".to_owned(), format!("one/{script}")];
        expected.extend(
            ["ca.pem", "client.key", "client.pem", script].map(|file| format!("two/{file}")),
        );
        assert_eq!(laid_out, expected, "{client}");
        assert_eq!(set.mode("two/client.key"), 0o600);
        assert_eq!([set.mode("two/client.pem"), set.mode(&format!("two/{script}"))], [0o644; 2]);
        for file in ["ca.pem", "client.pem", "client.key"] {
            assert_eq!(set.read(&format!("two/{file}")), set.read(file), "{file}");
        }
        // It finds its files beside it.
        let text = set.text(&format!("two/{script}"));
        let finds = match script {
            "connect.py" => {
                "here = Path(__file__).parent\n\
                 client = redis.Redis(\n    host=\"localhost\",\n"
            }
            _ => "CDPATH= cd -- \"$(dirname -- \"$0\")\"\n",
        };
        assert!(text.contains(finds) && text.contains("client.key"), "{text}");
        assert!(!text.contains("two/"), "{text}");
        // A second time all is as it should be; what somebody changed stays.
        set.certctl(&format!("render {client} --mutual --out-dir two")).code(0);
        set.write(&format!("two/{script}"), "mine");
        let before = set.digest();
        set.certctl(&format!("render {client} --mutual --out-dir two"))
            .code(1)
            .stderr_has("already exists");
        assert_eq!(set.digest(), before);
    }
}

#[test]
fn json_holds_the_text_and_what_is_to_be_done() {
    let set = set();
    for client in CLIENTS {
        let text = set.certctl(&format!("render {client} --mutual")).code(0).stdout();
        let json = set.certctl(&format!("render {client} --mutual -o json")).code(0).json();
        assert_eq!(json["schema"], "certctl.render/2");
        assert_eq!(json["service"], client);
        assert_eq!(json["files"][0]["content"], text);
        let step = json["steps"][0].as_str().unwrap();
        assert!(text.ends_with(&format!("# {step}\n")), "{client}: {step}");
    }
}

#[test]
fn no_text_holds_a_byte_of_a_key() {
    let set = set();
    let mut lines: Vec<String> = CLIENTS.map(|client| format!("render {client} --mutual")).to_vec();
    lines.extend(
        ["conf --mutual", "rest --mutual --validate subject"]
            .map(|form| format!("render redis {form}")),
    );
    let keys: Vec<String> =
        ["ca.key", "server.key", "client.key"].map(|file| set.text(file)).to_vec();
    for line in lines {
        for form in ["", " -o json"] {
            let said = set.certctl(&format!("{line}{form}")).code(0).stdout();
            for key in &keys {
                let body = key.lines().nth(1).unwrap();
                assert!(!said.contains(body) && !said.contains("PRIVATE"), "{line}");
            }
        }
    }
}

#[test]
fn a_path_stays_one_word_whatever_is_in_it() {
    let name = "it's \"q\" $HOME `id` {{ 7 * 7 }} #c --- \\ a:b;c é\nport 0";
    let set = set();
    for file in ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"] {
        set.write(&format!("{name}/{file}"), set.read(file));
    }
    let path = |file: &str| format!("{name}/{file}");
    for client in CLIENTS {
        let run = set.certctl_args(&["-d", name, "render", client, "--mutual"]);
        let script = run.code(0).stdout();
        if client == "redis-py" {
            let quoted =
                r#"it's \"q\" $HOME `id` {\u007b 7 * 7 }} #c --- \\ a:b;c \u00e9\u000aport 0"#;
            for (key, file) in [
                ("ssl_ca_certs", "ca.pem"),
                ("ssl_certfile", "client.pem"),
                ("ssl_keyfile", "client.key"),
            ] {
                assert!(script.contains(&format!("    {key}=\"{quoted}/{file}\",\n")), "{script}");
            }
            continue;
        }
        let command = script.split("\n# The CA, not server.pem").nth(1).unwrap();
        let words = shlex::split(command.split_once('\n').unwrap().1).unwrap();
        let expected = match client {
            // curl takes what is behind a colon for a password.
            "curl" => name.replace('\\', r"\\").replace(':', r"\:") + "/client.pem",
            _ => path("client.pem"),
        };
        for word in [path("ca.pem"), expected, path("client.key")] {
            assert!(words.contains(&word), "{client}: {word} in {words:?}");
        }
    }
}

/// A value is quoted by where it stands. Quotes around it, or a filter that takes them off, would open
/// a way out; behind a comment sign one filter keeps it on its line.
#[test]
fn no_template_quotes_for_itself() {
    fn collect(dir: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut templates = Vec::new();
    collect(&fixtures().join("../../templates"), &mut templates);
    let mut values = 0;
    for (path, text) in templates {
        assert!(!text.contains("autoescape"), "{path}");
        // The program with its global flags is quoted for a shell before.
        let text = text.replace("{{ certctl|comment }}", "certctl");
        let text = text.replace("{{ certctl|command }}", "certctl");
        assert!(!text.contains("|command"), "{path}");
        for line in text.lines().filter(|line| line.contains("{{")) {
            values += 1;
            assert!(!line.contains("safe"), "{path}: {line}");
            for quote in ["\"{{", "'{{", "}}\"", "}}'"] {
                assert!(!line.contains(quote), "{path}: {line}");
            }
            // `${NAME}` of Compose, with a name that is fixed.
            if line.contains("{% raw %}") {
                continue;
            }
            let before = line.split("{{").next().unwrap();
            let is_comment = before.trim_start().starts_with('#') || before.contains(" # ");
            assert!(is_comment || !line.contains("|comment"), "{path}: {line}");
            // What a shell quotes may go on in the next line, which is no comment any more.
            let kind = Path::new(&path).extension().unwrap();
            let is_shell = kind == "sh" || kind == "env";
            let all = line.matches("{{").count() == line.matches("|comment").count();
            assert!(!is_comment || !is_shell || all, "{path}: {line}");
        }
    }
    assert!(values > 50, "the templates are found");
}

fn refused(sandbox: &Sandbox, line: &str, message: &str, hint: &str) -> Run {
    let before = sandbox.digest();
    let run = sandbox.certctl(&format!("render {line}"));
    run.code(1).stdout_is("").stderr_has(message).stderr_has(&format!("hint: {hint}"));
    assert_eq!(sandbox.digest(), before);
    run
}

/// The steps are commands that work as typed, whatever the directory is called.
#[test]
fn steps_name_the_directory_as_a_shell_reads_it() {
    let sandbox = Sandbox::new();
    sandbox.certctl_args(&["-d", "a\\b\nc", "gen", "--cn", "localhost"]).code(0);
    for form in [["milvus", "compose"], ["qdrant", "config"], ["redis", "conf"]] {
        let args = ["-d", "a\\b\nc", "render", form[0], form[1], "--out-dir", form[0]];
        sandbox.certctl_args(&args).code(0).stdout_has(r"certctl -d $'a\\b\x0ac' ");
    }
}

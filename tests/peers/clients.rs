//! The rendered curl, openssl, redis-cli and redis-py, run as they are: against stand-ins that speak TLS
//! as strictly as a service does, from directories of any name, with secrets.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask_words, have, installed, set,
    },
    redis::serve,
    sandbox::Sandbox,
};

/// A directory that tries to break out of quotes, in a shell, in Python, in redis.conf, in a template.
const HOSTILE: &str =
    "it's \"q\" $HOME `touch pwned` $(touch pwned) {{ 7 * 7 }} #c %s \\ a:b;touch pwned --- é";

#[test]
fn curl_believes_the_server_of_the_ca_alone_and_shows_its_pair() {
    if !have(&["nginx", "curl"]) {
        return;
    }
    let set = set("ecdsa:p256");
    strangers(&set);
    for service in ["milvus", "qdrant"] {
        let asked = if service == "milvus" {
            "POST /v2/vectordb/collections/list application/json"
        } else {
            "GET /collections "
        };
        let curl = |server: &Server, flags: &str| {
            let line = format!("curl --service {service} --port {} {flags}", server.port);
            shell(&set, &line).if_says(asked)
        };
        let one_way = nginx(&set, "server", "");
        one_way.judge(
            &[
                (None, "localhost", LetIn),
                (None, "127.0.0.1", LetIn),
                (Some("client"), "localhost", LetIn),
            ],
            |pair, host| {
                let mutual = pair.map_or("", |_| "--mutual");
                curl(&one_way, &format!("--host {host} {mutual}"))
            },
        );
        let mutual = nginx(&set, "server", "ssl_client_certificate ca.pem; ssl_verify_client on;");
        mutual.judge(
            &[(Some("client"), "localhost", LetIn), (None, "localhost", Refused("400"))],
            |pair, _| curl(&mutual, pair.map_or("", |_| "--mutual")),
        );
        let other_name = nginx(&set, "other", "");
        other_name.judge(&[(None, "localhost", Refused("no alternative certificate"))], |_, _| {
            curl(&other_name, "")
        });
        let other_ca = nginx(&set, "stranger", "");
        other_ca.judge(&[(None, "localhost", Refused("unable to get local issuer"))], |_, _| {
            curl(&other_ca, "")
        });
    }
}

#[test]
fn openssl_believes_the_server_of_the_ca_alone_and_shows_its_pair() {
    if !have(&["openssl"]) {
        return;
    }
    let set = set("ecdsa:p256");
    strangers(&set);
    let look = |server: &Server, flags: &str| {
        shell(&set, &format!("openssl --port {} {flags}", server.port))
    };
    let one_way = s_server(&set, "server", "");
    one_way.judge(
        &[
            (None, "localhost", LetIn),
            (None, "127.0.0.1", LetIn),
            (Some("client"), "localhost", LetIn),
        ],
        |pair, host| {
            let mutual = pair.map_or("", |_| "--mutual");
            look(&one_way, &format!("--host {host} {mutual}"))
        },
    );
    for protocol in ["-tls1_2", "-tls1_3"] {
        let mutual = s_server(&set, "server", &format!("-Verify 1 -CAfile ca.pem {protocol}"));
        mutual.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (None, "localhost", Refused("peer did not return a certificate")),
            ],
            |pair, _| look(&mutual, pair.map_or("", |_| "--mutual")),
        );
    }
    let other_name = s_server(&set, "other", "");
    other_name
        .judge(&[(None, "localhost", Refused("hostname mismatch"))], |_, _| look(&other_name, ""));
    let other_ca = s_server(&set, "stranger", "");
    other_ca.judge(&[(None, "localhost", Refused("unable to get local issuer"))], |_, _| {
        look(&other_ca, "")
    });
}

#[test]
fn redis_py_looks_at_the_name_of_the_server_and_redis_cli_does_not() {
    if !have(&["redis-server", "redis-cli"]) {
        return;
    }
    let Some(python) = python() else { return };
    let set = set("ecdsa:p256");
    strangers(&set);
    let rows = [("server", true, true), ("other", true, false), ("stranger", false, false)];
    for (pair, cli, py) in rows {
        let redis = serve(&set, pair, "no");
        for (client, said, content) in [("redis-cli", "PONG", cli), ("redis-py", "True", py)] {
            let reply = connect(&set, &python, &format!("{client} --port {}", redis.port));
            assert_eq!(reply.text.contains(said), content, "{client}, {pair}: {}", reply.text);
        }
    }
}

#[test]
fn a_password_comes_from_the_environment() {
    if !have(&["redis-server", "redis-cli"]) {
        return;
    }
    let Some(python) = python() else { return };
    let set = set("ecdsa:p256");
    let redis = serve(&set, "server", "no");
    let said = connect(&set, &python, &format!("redis-cli --port {}", redis.port));
    assert!(said.text.contains("PONG"), "{}", said.text);
    set.write(
        "connect.sh",
        set.certctl(&format!("render redis-cli --port {}", redis.port)).stdout(),
    );
    for words in
        ["CONFIG SET requirepass geheim", "-a geheim ACL SETUSER anna on '>anders' '~*' +@all"]
    {
        let reply = ask_words(&set, &["sh", "-c", &format!("sh connect.sh {words}")], "");
        assert!(reply.text.contains("OK"), "{words}: {}", reply.text);
    }
    // Who, by which password, and whether that is right.
    let rows = [("", "geheim", true), ("anna", "anders", true), ("anna", "geheim", false)];
    for (user, password, content) in rows {
        for (client, said, variable) in
            [("redis-cli", "PONG", "REDISCLI_AUTH"), ("redis-py", "True", "REDIS_PASSWORD")]
        {
            let user =
                if user.is_empty() { String::new() } else { format!("REDIS_USERNAME={user}") };
            let flags = format!("{client} --auth --port {}", redis.port);
            let secret = format!("{variable}={password}");
            let reply = connect_with(&set, &python, &flags, &[&user, &secret]);
            assert_eq!(reply.text.contains(said), content, "{client} {user}: {}", reply.text);

            let reply = connect(&set, &python, &flags);
            assert!(!reply.content && reply.text.contains(variable), "{}", reply.text);
        }
    }
}

#[test]
fn curl_sends_the_secret_and_shows_it_to_nobody() {
    if !have(&["nginx", "curl"]) {
        return;
    }
    let set = set("ecdsa:p256");
    let server = nginx(&set, "server", "");
    // Stands before curl, and tells what the list of processes would.
    set.write("bin/curl", "#!/bin/sh\necho \"argv: $*\"\nPATH=${PATH#*:}\nexec curl \"$@\"\n");
    set.set_mode("bin/curl", 0o755);
    let path = format!("PATH={}:{}", set.path("bin").display(), std::env::var("PATH").unwrap());
    let rows = [
        ("milvus", "MILVUS_TOKEN", "key= bearer=Bearer root:ge\"h\\e%sim"),
        ("qdrant", "QDRANT_API_KEY", "key=root:ge\"h\\e%sim bearer="),
    ];
    for (service, variable, sent) in rows {
        let line = format!("render curl --auth --service {service} --port {}", server.port);
        set.write("connect.sh", set.certctl(&line).stdout());
        let secret = format!("{variable}=root:ge\"h\\e%sim");
        let reply = ask_words(&set, &["env", &path, &secret, "sh", "connect.sh"], "");
        assert!(reply.content && reply.text.contains(sent), "{service}: {}", reply.text);
        let argv = reply.text.lines().find(|line| line.starts_with("argv: ")).unwrap();
        assert!(argv.contains("--header @-") && !argv.contains("sim"), "{argv}");

        let reply = ask_words(&set, &["sh", "connect.sh"], "");
        assert!(!reply.content && reply.text.contains(variable), "{}", reply.text);
    }
}

#[test]
fn clients_and_servers_work_from_a_directory_of_any_name() {
    if !have(&["redis-server", "redis-cli", "nginx", "curl", "openssl"]) {
        return;
    }
    let Some(python) = python() else { return };
    let set = set("ecdsa:p256");
    // Only what is rendered where the files lie meets a newline: no flag takes one.
    for name in [HOSTILE.to_owned(), format!("{HOSTILE}\nimport os\nport 1")] {
        fs::create_dir(set.path(&name)).unwrap();
        for file in ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"] {
            fs::copy(set.path(file), set.path(&name).join(file)).unwrap();
        }
        let redis = if name == HOSTILE {
            Server::start_command(&set, |port| {
                let port_text = port.to_string();
                let args = ["render", "redis", "conf", "--mutual", "--port", &port_text];
                let run = set.certctl_args(&[&args[..], &["--mount", HOSTILE]].concat());
                set.write("redis.conf", run.code(0).stdout());
                let mut command = Command::new("redis-server");
                command.args(["redis.conf", "--bind", "127.0.0.1", "--save", ""]);
                command
            })
        } else {
            serve(&set, "server", "yes")
        };
        let https = nginx(&set, "server", "ssl_client_certificate ca.pem; ssl_verify_client on;");
        let rows = [
            ("redis-cli", "PONG", &redis),
            ("redis-py", "True", &redis),
            ("openssl", "Verification: OK", &redis),
            ("curl", "POST /v2", &https),
        ];
        for (client, said, server) in rows {
            let port = server.port.to_string();
            let mut args = vec!["-d", &name, "render", client, "--mutual", "--port", &port];
            if client == "openssl" {
                args.extend(["--service", "redis"]);
            }
            let script = set.certctl_args(&args).code(0).stdout();
            let reply = run_script(&set, &python, client, &script, &[]);
            let text = &reply.text;
            assert!(reply.content && text.contains(said), "{client}\n{script}\n{text}");
        }
        if name == HOSTILE {
            let steps = set.text("redis.conf");
            let reload = steps.lines().rev().find_map(|line| line.strip_prefix("#   redis-cli "));
            // In a comment a backslash is doubled, as all that hides there is shown.
            let reload = format!("redis-cli {}", reload.unwrap().replace("\\\\", "\\"));
            let reply = ask_words(&set, &["sh", "-c", &reload], "");
            assert!(reply.text.contains("OK"), "{reload}: {}", reply.text);
        }
    }
    let strangers: Vec<String> =
        set.files().into_iter().filter(|file| file.contains("pwned")).collect();
    let made = strangers.iter().filter(|file| !file.contains(HOSTILE));
    assert_eq!(made.count(), 0, "{strangers:?}");
}

#[test]
fn a_directory_for_the_client_works_wherever_one_stands_and_wherever_it_is_carried() {
    if !have(&["redis-server", "redis-cli", "nginx", "curl", "openssl"]) {
        return;
    }
    let Some(python) = python() else { return };
    let python = python.display().to_string();
    let set = set("ecdsa:p256");
    let redis = serve(&set, "server", "yes");
    let https = nginx(&set, "server", "ssl_client_certificate ca.pem; ssl_verify_client on;");
    let rows = [
        ("redis-cli", "connect.sh", "PONG", &redis),
        ("redis-py", "connect.py", "True", &redis),
        ("openssl --service redis", "connect.sh", "Verification: OK", &redis),
        ("curl", "connect.sh", "POST /v2", &https),
    ];
    for (client, script, said, server) in rows {
        let line = format!("render {client} --mutual --port {} --out-dir out", server.port);
        set.certctl(&line).code(0);
        fs::rename(set.path("out"), set.path(HOSTILE)).unwrap();
        let program = if script == "connect.py" { &*python } else { "sh" };
        let path = format!("{HOSTILE}/{script}");
        let reply = ask_words(&set, &["env", "CDPATH=/tmp", program, &path], "");
        assert!(reply.content && reply.text.contains(said), "{client}: {}", reply.text);
        fs::remove_dir_all(set.path(HOSTILE)).unwrap();
    }
}

/// The README's recipe for Redis, from the first key to the first answer.
#[test]
fn the_recipe_of_the_readme_ends_with_an_answer() {
    if !have(&["redis-server", "redis-cli"]) {
        return;
    }
    let Some(python) = python() else { return };
    let readme = include_str!("../../README.md");
    let recipe = |name: &str| {
        let part = readme.split(&format!("<!-- {name} -->\n```sh\n")).nth(1).expect(name);
        part.split("```").next().unwrap().to_owned()
    };
    let sandbox = Sandbox::new();
    let server = Server::start_command(&sandbox, |port| {
        let first = recipe("redis: the first connection")
            .replace("certctl ", "\"$CERTCTL\" ")
            .replace("/etc/redis/tls", "tls")
            .replace("--group redis", "")
            .replace("render redis conf", &format!("render redis conf --mount tls --port {port}"))
            .replace("render redis-cli", &format!("render redis-cli --port {port}"));
        let (setup, rest) = first.split_once("redis-server redis.conf &\n").unwrap();
        sandbox.sh(setup).code(0);
        sandbox.write("rest.sh", rest);
        let mut command = Command::new("redis-server");
        command.args(["redis.conf", "--bind", "127.0.0.1", "--save", ""]);
        command
    });
    let rest = sandbox.sh(&sandbox.text("rest.sh"));
    assert_eq!(rest.code(0).stdout(), "PONG\n");

    for name in ["redis: replication and cluster", "redis: enterprise", "clients"] {
        sandbox.sh(&recipe(name).replace("certctl ", "\"$CERTCTL\" ")).code(0);
    }
    let flags = format!("redis-py --mutual --host localhost --port {}", server.port);
    assert!(connect(&sandbox, &python, &flags).text.contains("True"));
}

/// A Python that has redis-py.
pub fn python() -> Option<PathBuf> {
    installed("clients/bin/python", "redis-py")
}

/// Renders a client, and runs it as it is.
pub fn connect(sandbox: &Sandbox, python: &Path, flags: &str) -> Reply {
    connect_with(sandbox, python, flags, &[])
}

fn connect_with(sandbox: &Sandbox, python: &Path, flags: &str, variables: &[&str]) -> Reply {
    let run = sandbox.certctl(&format!("render {flags}"));
    let client = flags.split(' ').next().unwrap();
    run_script(sandbox, python, client, &run.code(0).stdout(), variables)
}

fn run_script(
    sandbox: &Sandbox,
    python: &Path,
    client: &str,
    script: &str,
    variables: &[&str],
) -> Reply {
    let python = python.display().to_string();
    let (file, program) = match client {
        "redis-py" => ("connect.py", &*python),
        _ => ("connect.sh", "sh"),
    };
    sandbox.write(file, script);
    let variables = variables.iter().copied().filter(|variable| !variable.is_empty());
    let words: Vec<&str> = ["env"].into_iter().chain(variables).chain([program, file]).collect();
    ask_words(sandbox, &words, "")
}

/// A rendered shell script, run as it is.
fn shell(sandbox: &Sandbox, flags: &str) -> Reply {
    let script = sandbox.certctl(&format!("render {flags}")).code(0).stdout();
    sandbox.write("connect.sh", script);
    ask_words(sandbox, &["sh", "connect.sh"], "")
}

/// Pairs of servers that are not to be believed: `other` is for another name, `stranger` of another CA.
fn strangers(sandbox: &Sandbox) {
    sandbox.certctl("issue other other.example --key-type ecdsa:p256").code(0);
    let elsewhere = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    for kind in ["pem", "key"] {
        sandbox.write(&format!("stranger.{kind}"), elsewhere.read(&format!("server.{kind}")));
    }
}

/// Answers with what it was asked.
fn nginx(sandbox: &Sandbox, pair: &str, clients: &str) -> Server {
    let dir = sandbox.dir().display().to_string();
    Server::start_command(sandbox, |port| {
        let conf = format!(
            "daemon off; pid {dir}/nginx-{port}.pid; error_log stderr info; events {{}}
             http {{
               access_log off; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p;
               fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
               server {{
                 listen 127.0.0.1:{port} ssl;
                 ssl_certificate {dir}/{pair}.pem; ssl_certificate_key {dir}/{pair}.key;
                 {clients}
                 return 200 \"$request_method $request_uri $content_type key=$http_api_key bearer=$http_authorization\\n\";
               }}
             }}"
        );
        let file = sandbox.path(&format!("nginx-{port}.conf"));
        fs::write(&file, conf).unwrap();
        let mut command = Command::new("nginx");
        command.args(["-e", "stderr", "-p", &dir, "-c"]).arg(file);
        command
    })
}

fn s_server(sandbox: &Sandbox, pair: &str, clients: &str) -> Server {
    Server::start(sandbox, |port| {
        format!(
            "openssl s_server -accept 127.0.0.1:{port} -cert {pair}.pem -key {pair}.key -quiet {clients}"
        )
    })
}

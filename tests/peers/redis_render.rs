//! What `certctl render redis` says, before a real Redis: servers, replicas, clusters, renewals.

use std::{fs, process::Command};

use crate::{
    clients::{connect, python},
    commons::{Account, Commons, can_switch_users},
    peer::{Server, ask, ask_words, have, set, wait_until},
    sandbox::Sandbox,
};

/// Nobody's numbers, which Redis runs under.
const REDIS: Account = Account { uid: 54_321, gid: 54_322 };

const PROGRAMS: [&str; 2] = ["redis-server", "redis-cli"];

/// Whom each mode lets in.
const MODES: [(&str, &str); 2] = [("", ""), ("--mutual", "--mutual")];

#[test]
fn redis_as_a_user_of_its_own_takes_the_rendered_settings() {
    if !have(&PROGRAMS) || !can_switch_users() {
        return;
    }
    let Some(python) = python() else { return };
    for (mode, shown) in MODES {
        let set = set("ecdsa:p256");
        let commons = Commons::new();
        let mount = commons.path("tls").display().to_string();
        let redis = serve_as_redis(&set, &commons, &format!("conf {mode} --mount {mount}"));

        let port = redis.port;
        for client in ["redis-cli", "redis-py"] {
            let reply = connect(&set, &python, &format!("{client} {shown} --port {port}"));
            let said = if client == "redis-cli" { "PONG" } else { "True" };
            assert!(reply.content && reply.text.contains(said), "{client} {mode}: {}", reply.text);
            if mode == "--mutual" {
                let reply = connect(&set, &python, &format!("{client} --port {port}"));
                assert!(!reply.text.contains(said), "{client} without a pair: {}", reply.text);
            }
        }
    }
}

#[test]
fn redis_cannot_read_a_pair_that_was_not_exported() {
    if !have(&PROGRAMS) || !can_switch_users() {
        return;
    }
    let set = set("ecdsa:p256");
    let commons = Commons::new();
    for file in ["server.pem", "server.key", "ca.pem"] {
        commons.take(&set, file, Account { uid: 0, gid: 0 }, set.mode(file));
    }
    let conf = commons.path("redis.conf");
    let line = format!("render redis conf --mount {}", commons.path("").display());
    fs::write(&conf, set.certctl(&line).stdout()).unwrap();

    let output = commons.command(REDIS, "redis-server".as_ref()).arg(conf).output().unwrap();

    assert!(!output.status.success());
    let log = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(log.contains("server.key") || log.contains("ermission denied"), "{log}");
}

#[test]
fn the_step_behind_the_settings_brings_a_renewed_pair_to_a_redis_that_runs() {
    if !have(&[&PROGRAMS[..], &["openssl"]].concat()) || !can_switch_users() {
        return;
    }
    for (mode, shown) in MODES {
        let set = set("ecdsa:p256");
        let commons = Commons::new();
        let mount = commons.path("tls").display().to_string();
        let flags = format!("conf {mode} --mount {mount}");
        let redis = serve_as_redis(&set, &commons, &flags);
        let served = || {
            let flags = format!("openssl --service redis {shown} --port {}", redis.port);
            let script = set.certctl(&format!("render {flags}")).stdout();
            // What the script shows in brief, here in full.
            let reply = ask_words(&set, &["sh", "-c", &script.replace("-brief", "")], "");
            set.write("served.pem", reply.text);
            set.run("openssl", &["x509", "-noout", "-serial", "-in", "served.pem"]).stdout()
        };
        let stored =
            || set.run("openssl", &["x509", "-noout", "-serial", "-in", "server.pem"]).stdout();
        assert_eq!(served(), stored(), "{mode}");

        // Another kind of key: neither file goes with the other's predecessor.
        set.certctl("renew server --key-type rsa:2048").code(0);
        assert_ne!(served(), stored(), "{mode}");
        let [export, reload] = &commands(&rendered(&set, &flags, redis.port))[..] else {
            panic!("{flags}: two commands")
        };
        run_export(&set, export);
        let reply = ask_words(&set, &["sh", "-c", reload], "");

        assert!(reply.content && reply.text.contains("OK"), "{reload}: {}", reply.text);
        assert_eq!(served(), stored(), "{mode}");
    }
}

#[test]
fn a_replica_follows_with_the_pair_of_a_peer_or_one_to_dial_with_and_not_with_a_servers() {
    if !have(&PROGRAMS) {
        return;
    }
    let set = set("ecdsa:p256");
    set.certctl("issue node localhost --usage peer --key-type ecdsa:p256").code(0);
    set.certctl("render redis conf --mutual --replication")
        .code(1)
        .stdout_is("")
        .stderr_has("needs a peer certificate")
        .stderr_has("hint: certctl renew server --usage peer");
    let master = serve(&set, "conf --mutual --replication --identity node --mount .", |conf| conf);

    let rows = [
        ("--identity node", "node.pem", true),
        ("--dial client", "server.pem", true),
        // What `render` refuses, made by hand.
        ("--identity node", "server.pem", false),
    ];
    for (flags, file, follows) in rows {
        let flags = format!("conf --mutual --replication --mount . {flags}");
        let replica = serve(&set, &flags, |conf| {
            let key = file.replace(".pem", ".key");
            conf.replace("node.pem", file).replace("node.key", &key)
        });
        let ask = |words: &str| {
            let line = format!("render redis-cli --mutual --port {}", replica.port);
            set.write("connect.sh", set.certctl(&line).stdout());
            ask(&set, &format!("sh connect.sh {words}"), "")
        };
        let reply = ask(&format!("REPLICAOF localhost {}", master.port));
        assert!(reply.text.contains("OK"), "{}", reply.text);

        if follows {
            wait_until(&flags, || ask("INFO replication").text.contains("master_link_status:up"));
        } else {
            // The master judges the replica's certificate, and says so.
            wait_until(&flags, || master.log().contains("certificate verify failed"));
            let reply = ask("INFO replication");
            assert!(reply.text.contains("master_link_status:down"), "{}", reply.text);
        }
    }
}

#[test]
fn three_nodes_make_a_cluster_whose_bus_asks_for_certificates() {
    if !have(&[&PROGRAMS[..], &["openssl"]].concat()) {
        return;
    }
    let set = set("ecdsa:p256");
    let flags = "cluster --announce localhost --mount .";
    set.certctl(&format!("render redis {flags}")).code(1).stdout_is("").stderr_has("cluster bus");
    set.certctl("renew server --usage peer").code(0);
    let nodes: Vec<Server> = (0..3)
        .map(|_| serve(&set, flags, |conf| format!("{conf}\ncluster-require-full-coverage yes\n")))
        .collect();

    let conf = rendered(&set, flags, nodes[0].port);
    let create = commands(&conf).into_iter().find(|line| line.contains("--cluster create"));
    let mut create = create.unwrap() + " --cluster-yes";
    for (number, node) in nodes.iter().enumerate() {
        let name = format!("NODE{}:{}", number + 1, nodes[0].port);
        create = create.replace(&name, &format!("127.0.0.1:{}", node.port));
    }
    let reply = ask_words(&set, &["sh", "-c", &create], "");
    assert!(reply.content && reply.text.contains("All 16384 slots covered"), "{}", reply.text);

    for node in &nodes {
        let ask = |words: &str| {
            let line = format!("render redis-cli --port {}", node.port);
            set.write("connect.sh", set.certctl(&line).stdout());
            ask(&set, &format!("sh connect.sh {words}"), "").text
        };
        wait_until("the cluster is whole", || ask("CLUSTER INFO").contains("cluster_state:ok"));
        assert!(ask("CLUSTER SLOTS").contains("localhost"), "clients are sent to the name");
        // Clients need no certificate, but who speaks on the bus does.
        let bus = format!("render openssl --service redis --port {}", node.port + 10_000);
        set.write("bus.sh", set.certctl(&bus).stdout());
        let reply = ask_words(&set, &["sh", "bus.sh"], "");
        assert!(!reply.content && reply.text.contains("certificate required"), "{}", reply.text);
    }
}

/// The commands among the steps behind the settings.
fn commands(conf: &str) -> Vec<String> {
    conf.lines().filter_map(|line| line.strip_prefix("#   ")).map(str::to_owned).collect()
}

/// The settings for a port.
fn rendered(sandbox: &Sandbox, flags: &str, port: u16) -> String {
    let run = sandbox.certctl(&format!("render redis {flags} --port {port}"));
    run.code(0).stdout()
}

/// A Redis that reads the settings, once `change` has been at them.
fn serve(sandbox: &Sandbox, flags: &str, change: impl Fn(String) -> String) -> Server {
    Server::start_command(sandbox, |port| {
        let conf = format!("redis-{port}.conf");
        sandbox.write(&conf, change(rendered(sandbox, flags, port)));
        let mut command = Command::new("redis-server");
        command.arg(conf).args(["--bind", "127.0.0.1", "--loglevel", "verbose"]);
        command.args(["--dbfilename", &format!("{port}.rdb"), "--repl-diskless-sync-delay", "0"]);
        command.args(["--cluster-config-file", &format!("nodes-{port}.conf")]);
        command
    })
}

/// The same under an account of its own, with the files that the first step exports.
fn serve_as_redis(sandbox: &Sandbox, commons: &Commons, flags: &str) -> Server {
    run_export(sandbox, &commands(&rendered(sandbox, flags, 1))[0]);
    Server::start_command(sandbox, |port| {
        let conf = commons.path(&format!("redis-{port}.conf"));
        fs::write(&conf, rendered(sandbox, flags, port)).unwrap();
        let mut command = commons.command(REDIS, "redis-server".as_ref());
        command.arg(conf).args(["--bind", "127.0.0.1", "--save", ""]);
        command
    })
}

/// The export as it is rendered, for the account of the test.
fn run_export(sandbox: &Sandbox, line: &str) {
    assert!(line.starts_with("certctl export server --to ") && line.ends_with(" --group redis"));
    let line = line.replace("--group redis", &format!("--group {}", REDIS.gid));
    sandbox.sh(&line.replacen("certctl", "\"$CERTCTL\"", 1)).code(0);
}

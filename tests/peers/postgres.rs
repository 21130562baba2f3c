//! PostgreSQL with `clientcert=verify-ca`, and psql with `sslmode=verify-full`.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    commons::{Account, Commons, can_switch_users, set_owner},
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask_words, each_kind, have, skip, wait_until,
    },
    sandbox::{Run, Sandbox},
};

#[test]
fn postgresql_lets_the_client_pair_in_and_psql_knows_the_server() {
    let (true, Some(initdb), Some(server)) =
        (have(&["psql"]) && can_switch_users(), program("initdb"), program("postgres"))
    else {
        return;
    };
    // It does not run as root.
    let Some(account) = account("postgres") else { return };
    let commons = Commons::new();
    let data = commons.path("db");
    fs::create_dir(&data).unwrap();
    set_owner(&data, account, 0o700);
    let mut make = commons.command(account, &initdb);
    Run::of(make.args(["-N", "-A", "trust", "-U", "certctl", "-D"]).arg(&data)).code(0);
    fs::write(
        data.join("pg_hba.conf"),
        "hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n",
    )
    .unwrap();

    each_kind(|set| {
        for (file, mode) in [("server.pem", 0o644), ("server.key", 0o600), ("ca.pem", 0o644)] {
            commons.take(set, file, account, mode);
        }
        let postgres = Server::start_command(set, |port| {
            let mut command = commons.command(account, &server);
            command.arg("-D").arg(&data);
            for setting in [
                format!("port={port}"),
                "listen_addresses=127.0.0.1".into(),
                "unix_socket_directories=".into(),
                "fsync=off".into(),
                "ssl=on".into(),
                format!("ssl_cert_file={}", commons.path("server.pem").display()),
                format!("ssl_key_file={}", commons.path("server.key").display()),
                format!("ssl_ca_file={}", commons.path("ca.pem").display()),
            ] {
                command.args(["-c", &setting]);
            }
            command
        });
        wait_until("PostgreSQL has started", || {
            !psql(set, &postgres, None, "localhost").text.contains("starting up")
        });

        postgres.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (Some("client"), "127.0.0.1", LetIn),
                (None, "localhost", Refused("connection requires a valid client certificate")),
                (Some("server"), "localhost", Refused("certificate verify failed")),
                (Some("client"), "wrong.example", Refused("does not match host name")),
            ],
            |pair, name| psql(set, &postgres, pair, name),
        );
    });
}

fn psql(sandbox: &Sandbox, server: &Server, pair: Option<&str>, name: &str) -> Reply {
    let pair = pair.unwrap_or("none");
    let target = format!(
        "host={name} hostaddr=127.0.0.1 port={} user=certctl dbname=postgres sslmode=verify-full \
         sslrootcert=ca.pem sslcert={pair}.pem sslkey={pair}.key",
        server.port
    );
    let asked = "select 'version ' || version from pg_stat_ssl where pid = pg_backend_pid()";
    ask_words(sandbox, &["psql", "-XAt", &target, "-c", asked], "").if_says("version TLSv1.3")
}

/// Debian keeps them out of the PATH.
fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(name))
        .filter(|program| program.is_file())
        .collect();
    found.sort();
    if found.is_empty() && have(&[name]) {
        return Some(name.into());
    }
    found.pop()
}

fn account(name: &str) -> Option<Account> {
    let id = |flag| {
        let output = Command::new("id").args([flag, name]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().ok()
    };
    let account = id("-u").zip(id("-g")).map(|(uid, gid)| Account { uid, gid });
    if account.is_some() || skip("user postgres") { account } else { None }
}

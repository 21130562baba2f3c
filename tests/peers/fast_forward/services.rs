//! The five services: under which user each runs, how it is started, and how it reads its files again.

use std::{fmt, fs, process::Command};

use super::rustls_server;
use crate::{
    commons::{Account, Commons, set_owner},
    nginx,
    peer::{Server, free_port, have},
    postgres::{self, account},
    redis,
    sandbox::Sandbox,
};

/// The account of the rustls server.
const NUMERIC: Account = Account { uid: 54_321, gid: 54_321 };

pub struct Service {
    pub name: &'static str,
    /// Lifetime of its certificates. All differ, so that they are due on different nights.
    pub days: i64,
    pub key_type: &'static str,
    pub port: u16,
    pub starttls: Option<&'static str>,
    pub group: u32,
    /// What `systemctl` does, in a shell.
    pub reload: String,
    pub server: Option<Server>,
    /// Its certificate in the PKI, and the one that it served last.
    pub kept: Vec<u8>,
    pub served: Vec<u8>,
    /// Whether its hook failed in the last night.
    pub pending: bool,
    pub counts: Counts,
    command: Command,
    /// Its database, which is removed after the server has ended.
    #[expect(dead_code, reason = "it is kept until then")]
    cluster: Option<postgres::Cluster>,
}

#[derive(Default)]
pub struct Counts {
    pub nights: i64,
    pub renewals: i64,
    pub reloads: i64,
    pub failures: i64,
    pub recoveries: i64,
}

/// The services whose programs and users exist here.
pub fn installed(home: &Commons) -> Vec<Service> {
    [redis(home), postgres(home), nginx(home), mosquitto(home), Some(rustls(home))]
        .into_iter()
        .flatten()
        .collect()
}

impl Service {
    fn new(
        home: &Commons,
        name: &'static str,
        days: i64,
        group: u32,
        port: u16,
        command: Command,
    ) -> Self {
        Self {
            name,
            days,
            key_type: "ecdsa:p256",
            port,
            starttls: None,
            group,
            reload: format!(
                "kill -HUP \"$(cat {})\"",
                home.path(&format!("run/{name}.pid")).display()
            ),
            server: None,
            kept: Vec::new(),
            served: Vec::new(),
            pending: false,
            counts: Counts::default(),
            command,
            cluster: None,
        }
    }

    pub fn start(&mut self, logs: &Sandbox) -> Server {
        Server::start_at(logs, self.port, &mut self.command)
    }

    /// Its certificate in the PKI.
    pub fn file(&self) -> String {
        format!("pki/{}.pem", self.name)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nights, renewals, reloads, failures, recoveries } = self;
        write!(
            formatter,
            "{nights} nights, {renewals} renewals, {reloads} reloads, {failures} failures, \
             {recoveries} recoveries"
        )
    }
}

fn redis(home: &Commons) -> Option<Service> {
    if !have(&["redis-server", "redis-cli"]) {
        return None;
    }
    let (user, port, own) = (account("redis")?, free_port(), home.path("redis-home"));
    fs::create_dir(&own).unwrap();
    set_owner(&own, user, 0o700);
    let (dir, socket) = (home.path("redis"), own.join("socket").display().to_string());
    let mut command = redis::of_user(home, user, &dir, "redis", port);
    // Redis would check a client's certificate against the system's time.
    command.args(["--tls-auth-clients", "no", "--unixsocket", &socket]);
    let tls = dir.display();
    let reload = format!(
        "redis-cli -s {socket} CONFIG SET tls-cert-file {tls}/redis.pem \
         tls-key-file {tls}/redis.key | grep -x OK"
    );
    Some(Service { reload, ..Service::new(home, "redis", 90, user.gid, port, command) })
}

fn postgres(home: &Commons) -> Option<Service> {
    let (cluster, user, port) = (postgres::Cluster::new()?, account("postgres")?, free_port());
    let command = cluster.command(&home.path("postgres"), "postgres", port);
    let service = Service::new(home, "postgres", 85, user.gid, port, command);
    Some(Service { starttls: Some("postgres"), cluster: Some(cluster), ..service })
}

fn nginx(home: &Commons) -> Option<Service> {
    if !have(&["nginx"]) {
        return None;
    }
    let (user, port, own) = (account("www-data")?, free_port(), home.path("nginx-home"));
    fs::create_dir(&own).unwrap();
    let file = own.join("nginx.conf");
    let content = nginx::configuration(&own, &home.path("nginx"), "nginx", port, "");
    fs::write(&file, content).unwrap();
    set_owner(&own, user, 0o755);
    let line = format!("nginx -p {} -c {} -e stderr", own.display(), file.display());
    let mut command = home.command(user, "nginx".as_ref());
    command.args(line.split(' ').skip(1));
    let reload = format!("{line} -s reload");
    let service = Service::new(home, "nginx", 80, user.gid, port, command);
    Some(Service { reload, key_type: "rsa:2048", ..service })
}

fn mosquitto(home: &Commons) -> Option<Service> {
    if !have(&["mosquitto"]) {
        return None;
    }
    let (user, port, tls) = (account("mosquitto")?, free_port(), home.path("mosquitto"));
    let file = home.path("mosquitto.conf");
    let content = format!(
        "listener {port} 127.0.0.1\nallow_anonymous true\ncertfile {tls}/mosquitto.pem\n\
         keyfile {tls}/mosquitto.key\n",
        tls = tls.display()
    );
    fs::write(&file, content).unwrap();
    let mut command = home.command(user, "mosquitto".as_ref());
    command.arg("-c").arg(file);
    Some(Service::new(home, "mosquitto", 75, user.gid, port, command))
}

fn rustls(home: &Commons) -> Service {
    let port = free_port();
    let command = rustls_server::command(home, NUMERIC, &home.path("rustls"), port);
    let service = Service::new(home, "rustls", 70, NUMERIC.gid, port, command);
    // It reads its files for each connection.
    Service { reload: "true".to_owned(), ..service }
}

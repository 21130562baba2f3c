//! A host in fast forward: five services, each under its own user, and the crontab of README.md for 400
//! nights. Only certctl and the clients use the changed time. The services use the system's.

mod host;
mod probe;
mod rustls_server;
mod services;

use host::Host;

/// Enough to renew the CA twice and each service at least six times.
const NIGHTS: i64 = 400;

#[test]
fn no_service_serves_an_expired_certificate_in_400_nights() {
    let Some(mut host) = Host::new() else { return };

    for day in 0..NIGHTS {
        host.pass_night(day, &[]);
    }

    host.print_counts();
    for service in &host.services {
        let renewals = (NIGHTS - 1) / (service.days - host::WINDOW);
        assert_eq!(service.counts.renewals, renewals, "{}", service.name);
        assert_eq!(service.counts.reloads, renewals, "{}", service.name);
    }
    assert_eq!(host.ca_renewals, (NIGHTS - 1) / (host::CA_DAYS - host::CA_WINDOW));
}

/// nginx refuses a broken configuration and serves the old certificate. Without a second run of the hook
/// it serves that until it has expired. Redis is stopped for two nights.
#[test]
fn a_hook_that_failed_is_run_again_the_next_night_although_nothing_is_due() {
    let Some(mut host) = Host::new() else { return };
    let due = |host: &Host, name: &str| host.service(name).map(|it| it.days - host::WINDOW);
    let (nginx, redis) = (due(&host, "nginx"), due(&host, "redis"));
    let last = host.services.iter().map(|service| service.days).max().unwrap_or_default() + 5;

    for day in 35..last {
        let mut failing = Vec::new();
        if nginx == Some(day) {
            host.break_nginx();
            failing.push("nginx");
        } else if nginx == Some(day - 1) {
            host.repair_nginx();
        }
        if redis == Some(day) || redis == Some(day - 1) {
            host.stop("redis");
            failing.push("redis");
        } else if redis == Some(day - 2) {
            host.start("redis");
        }
        host.pass_night(day, &failing);
    }

    host.print_counts();
    for (name, failures) in [("nginx", 1), ("redis", 2)] {
        let Some(service) = host.service(name) else { continue };
        assert_eq!((service.counts.failures, service.counts.recoveries), (failures, 1), "{name}");
        assert_eq!(service.counts.renewals, 1, "{name}: the hook alone is run again");
    }
}

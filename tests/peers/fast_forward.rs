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

//! The hints of findings: the certctl command that fixes each, if there is one.

use std::path::PathBuf;

use pki::{
    verify::{finding::Finding, rule::Rule},
    x509::{
        certificate::Certificate,
        san::{GeneralName, San},
        usage::Usage,
    },
};
use time::OffsetDateTime;

use super::group::CheckTarget;
use crate::{
    cmd::plan::{Field, change},
    config::{Entry, Settings},
    hint::Hint,
    issue::{
        error::archived,
        identity::{Identity, IdentityName},
        key_files::KeyState,
        notes::closing,
        state::hint::{OF_CA, names},
    },
    report::as_typed,
};

/// Adds hints to findings.
pub(super) fn on_all(
    findings: Vec<Finding>,
    target: &CheckTarget,
    at: OffsetDateTime,
    settings: &Settings,
) -> Vec<Finding> {
    // `renew` does not replace what another CA signed.
    let is_ours = !findings.iter().any(|one| {
        matches!(one.rule, Rule::Chain | Rule::Signature | Rule::Algorithm) && !one.above
    });
    let advised = findings.into_iter().map(|mut finding| {
        if finding.hint.is_none() {
            let hint = hint(&finding, target, at, (settings, is_ours));
            finding.hint = hint.map(|hint| as_typed(&hint));
        }
        finding
    });
    advised.collect()
}

fn hint(
    finding: &Finding,
    target: &CheckTarget,
    at: OffsetDateTime,
    (settings, is_ours): (&Settings, bool),
) -> Option<Hint> {
    let subject = &target.subject;
    if finding.rule == Rule::KeyMode {
        return Some(closing(&subject.key.path));
    }
    let name = target.known_as.as_deref()?;
    let certificate = subject.certificate.as_ref().ok()?;
    if name == "ca" || finding.above {
        let own = certificate.public_key().spki();
        let key = if finding.above { finding.ca_key.as_deref()? } else { own };
        // `renew ca` does not renew another CA.
        if settings.ca.read_certificate().ok()?.public_key().spki() != key {
            return None;
        }
        return match finding.rule {
            Rule::Expired | Rule::ExpiresSoon | Rule::CaKeyUsage => Some(Hint::command("renew ca")),
            Rule::IssuerNotCa | Rule::KeyUsage | Rule::Usage | Rule::Profile => Some(
                Hint::from("create a new CA: ")
                    .run("gen --replace-ca")
                    .then(" (the old files go to archive/)"),
            ),
            _ => None,
        };
    }
    // `renew` and `issue` are for end-entity certificates.
    if certificate.is_ca() && finding.rule != Rule::OutlivesCa {
        let is_cured = matches!(
            finding.rule,
            Rule::Expired
                | Rule::ExpiresSoon
                | Rule::Serial
                | Rule::SerialRepeated
                | Rule::NameEncoding
                | Rule::AuthorityKeyId
                | Rule::WeakKey
        );
        return is_cured.then(|| OF_CA.into());
    }
    if matches!(finding.rule, Rule::Chain | Rule::Signature | Rule::Algorithm) {
        return Some(issued_again(name, certificate, target));
    }
    if let Some(wanted) = &finding.name {
        return on_name(wanted, name, settings);
    }
    if !is_ours {
        return None;
    }
    let usage = subject.role.usage().map_or("peer", Usage::as_str);
    let flags = |field, flags: &str| change(settings, name, field, flags);
    let usage_of_plan = planned(settings, name).map(|entry| entry.usage.as_str());
    Some(match finding.rule {
        Rule::PlanDrift | Rule::Key => Hint::command(format!("renew {name}")),
        // The certificate is not as planned: the plan is right.
        Rule::Usage if usage_of_plan == Some(usage) => Hint::command(format!("renew {name}")),
        Rule::PosesAsServer if usage_of_plan == Some("client") => {
            Hint::command(format!("renew {name}"))
        }
        Rule::LooksSelfSigned | Rule::AuthorityKeyId => {
            Hint::default().run("renew ca").then(", then ").run(format!("renew {name}"))
        }
        Rule::Expired
        | Rule::ExpiresSoon
        | Rule::Serial
        | Rule::SerialRepeated
        | Rule::NameEncoding => {
            Hint::command(format!("renew {name}{}", reuse(name, certificate, settings)))
        }
        Rule::OutlivesCa => {
            let ca = settings.ca.read_certificate().ok()?;
            if !certificate.is_issued_by_equal_name(&ca) {
                return None;
            }
            let days = (certificate.not_after() - at).whole_days() + 1;
            Hint::command(format!("renew ca --days {days}"))
        }
        Rule::Lifetime => flags(Field::Days, "--days 825"),
        Rule::Usage => flags(Field::Usage, &format!("--usage {usage}")),
        Rule::PosesAsServer => flags(Field::Usage, "--usage client"),
        Rule::KeyType | Rule::WeakKey => flags(Field::KeyType, "--key-type ecdsa:p256"),
        Rule::NoNames => flags(Field::San, "--san HOST"),
        Rule::OneSubject => Hint::from("give the CA another name: ")
            .run("gen --replace-ca --ca-cn NAME")
            .then(" (the old files go to archive/)"),
        Rule::UnmatchableName => return drop_unmatchable(name, certificate, settings),
        _ => return None,
    })
}

/// The flag for an identity whose key `renew` does not replace.
fn reuse(name: &str, certificate: &Certificate, settings: &Settings) -> &'static str {
    let store = &settings.store;
    let Ok(name) = name.parse::<IdentityName>() else { return "" };
    let has_key = store.has(&name.key_file()).unwrap_or(true);
    let (certificate, chain) = (certificate.clone(), Vec::new());
    match KeyState::of(store, &Identity { name, certificate, chain, content: None, has_key }) {
        Ok(KeyState::Missing | KeyState::Encrypted | KeyState::Mixed(_)) => " --reuse-key",
        _ => "",
    }
}

/// How to add a requested name that is missing.
fn on_name(wanted: &str, name: &str, settings: &Settings) -> Option<Hint> {
    let san: San = wanted.parse().ok()?;
    if planned(settings, name).is_some_and(|entry| entry.san.contains(&san)) {
        return Some(Hint::command(format!("renew {name}")));
    }
    let wanted = wanted.trim_end_matches('.');
    Some(change(settings, name, Field::San, &format!("--san '{wanted}'")))
}

fn planned<'a>(settings: &'a Settings, name: &str) -> Option<&'a Entry> {
    settings.config.entry(&name.parse().ok()?)
}

/// Drops the names that no client matches; addresses among the DNS names become IP addresses.
fn drop_unmatchable(name: &str, certificate: &Certificate, settings: &Settings) -> Option<Hint> {
    let names = certificate.names();
    let unmatchable = names.iter().find_map(|one| match one {
        GeneralName::Unmatchable { label: "DNS", text, .. } => Some(text.clone()),
        _ => None,
    })?;
    let address = unmatchable.parse::<std::net::IpAddr>().ok()?;
    let flags = format!("--drop-san DNS:{address} --san {address}");
    Some(change(settings, name, Field::San, &flags))
}

/// Move it away and issue it again: for a certificate that `renew` does not replace.
fn issued_again(name: &str, certificate: &Certificate, target: &CheckTarget) -> Hint {
    let files = [target.file.clone(), target.file.with_extension("key")];
    let away = archived(&files.each_ref().map(PathBuf::as_path));
    let away: String = away.into_iter().map(|command| command + ", ").collect();
    let usage = target.subject.role.usage().unwrap_or(Usage::Server);
    let first =
        "name the CA that signed it with `--ca FILE`; or issue it again under the CA here: ";
    let issue = format!("issue {name}{} --usage {usage}", names(certificate));
    Hint::from(format!("{first}{away}")).run(issue)
}

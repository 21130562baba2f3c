//! The hints of findings: the certctl command that fixes each, if there is one.

use std::{net::IpAddr, path::PathBuf, sync::OnceLock};

use pki::{
    verify::{
        finding::Finding,
        rule::{Rule, Severity},
    },
    x509::{
        certificate::Certificate,
        san::{GeneralName, San},
        usage::Usage,
        validity::{ExpiryWindow, Lifetime},
    },
};
use time::OffsetDateTime;

use super::group::CheckTarget;
use crate::{
    cmd::plan::{Field, change},
    config::{CaFiles, Entry, Settings},
    hint::{Hint, Part},
    issue::{
        archive::old_certificate,
        error::{archived, lost},
        identity::{Identity, IdentityName},
        key_files::KeyFiles,
        notes::closing,
        spec,
        state::{
            Obstacle,
            hint::{OF_CA, names},
        },
    },
    path_text::quoted,
    report::as_typed,
};

/// For an identity whose key `renew` does not replace.
const REUSE: &str = " --reuse-key";

/// Makes the hints of findings.
pub(super) struct Hints<'a> {
    settings: &'a Settings,
    window: Option<ExpiryWindow>,
    /// The time of the check.
    at: OffsetDateTime,
    now: OffsetDateTime,
    /// The CA that the commands of hints use, which have no `--ca` if it was given several times.
    files: CaFiles,
    ca: OnceLock<Option<Certificate>>,
    keys: KeyFiles<'a>,
}

impl<'a> Hints<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        window: Option<ExpiryWindow>,
        (at, now): (OffsetDateTime, OffsetDateTime),
    ) -> Self {
        let files = match settings.anchors[..] {
            [_] => settings.ca.clone(),
            _ => settings.own_ca(),
        };
        let keys = KeyFiles::new(&settings.store);
        Self { settings, window, at, now, files, ca: OnceLock::new(), keys }
    }

    /// Adds hints to the findings of the path and of the certificate itself.
    pub(super) fn on_all(&self, findings: Vec<Finding>, target: &CheckTarget) -> Vec<Finding> {
        let is_of_path = |one: &Finding| {
            matches!(one.rule, Rule::Chain | Rule::Signature | Rule::Algorithm) && !one.above
        };
        let is_sound = !findings.iter().any(is_of_path);
        self.add(findings, target, is_sound)
    }

    /// Adds hints to other findings.
    pub(super) fn on_others(&self, findings: Vec<Finding>, target: &CheckTarget) -> Vec<Finding> {
        self.add(findings, target, false)
    }

    fn add(&self, findings: Vec<Finding>, target: &CheckTarget, is_sound: bool) -> Vec<Finding> {
        let advised = findings.into_iter().map(|mut finding| {
            if finding.hint.is_none() {
                finding.hint = self.hint(&finding, target, is_sound).map(|hint| as_typed(&hint));
            }
            finding
        });
        advised.collect()
    }

    /// The CA that signs what the commands of hints issue; `None` if it cannot sign here.
    pub(super) fn ca(&self) -> Option<&Certificate> {
        self.ca.get_or_init(|| self.files.signer()).as_ref()
    }

    /// `is_sound` says that its path was checked, and the signature is right.
    fn hint(&self, finding: &Finding, target: &CheckTarget, is_sound: bool) -> Option<Hint> {
        let subject = &target.subject;
        if finding.rule == Rule::KeyMode {
            return Some(closing(&subject.key.path));
        }
        let name = target.known_as.as_deref()?;
        let certificate = subject.certificate.as_ref().ok()?;
        if name == "ca" || finding.above {
            return self.on_ca(finding, certificate);
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
            return Some(self.issued_again(name, certificate, target));
        }
        // `renew` reads no file that OpenSSL does not read.
        if subject.form.iter().any(|finding| finding.severity() == Severity::Error) {
            return None;
        }
        // `renew` does not replace what another CA signed.
        let ca = self.ca()?;
        let key_id = certificate.authority_key_id();
        let is_named = certificate.issuer() == ca.subject() && key_id == ca.subject_key_id();
        let is_known = is_sound && is_named && key_id.is_some();
        if !is_known && !certificate.is_issued_by_equal_name(ca) {
            return None;
        }
        self.renewal(finding, name, target, (certificate, ca))
    }

    /// For the CA of the directory.
    fn on_ca(&self, finding: &Finding, certificate: &Certificate) -> Option<Hint> {
        let files = &self.files;
        if finding.rule == Rule::Key && !finding.above {
            return (!files.elsewhere).then(|| lost(&files.key, "a backup"));
        }
        let own = certificate.public_key().spki();
        let key = if finding.above { finding.ca_key.as_deref()? } else { own };
        let store = files.store();
        let ca = files.read_certificate().ok();
        // It can be one that cannot sign.
        let ca = ca.or_else(|| old_certificate(&store, &files.certificate).ok().flatten())?;
        // `renew ca` does not renew another CA.
        if ca.public_key().spki() != key {
            return None;
        }
        let days = || self.days_that_last(&ca).map(|days| format!(" --days {days}"));
        match finding.rule {
            Rule::Expired | Rule::ExpiresSoon | Rule::CaKeyUsage if !ca.is_issued_by(&ca) => {
                Some(OF_CA.into())
            }
            Rule::Expired | Rule::ExpiresSoon if self.ca().is_some() => {
                Some(Hint::command(format!("renew ca{}", days().unwrap_or_default())))
            }
            Rule::CaKeyUsage if self.ca().is_some() => Some(Hint::command("renew ca")),
            Rule::IssuerNotCa | Rule::KeyUsage | Rule::Usage | Rule::Profile
                if !files.elsewhere =>
            {
                Some(
                    Hint::from("create a new CA: ")
                        .run("gen --replace-ca")
                        .then(" (the old files go to archive/)"),
                )
            }
            _ => None,
        }
    }

    /// For a certificate that the CA issued.
    fn renewal(
        &self,
        finding: &Finding,
        name: &str,
        target: &CheckTarget,
        (certificate, ca): (&Certificate, &Certificate),
    ) -> Option<Hint> {
        let settings = self.settings;
        let usage = target.subject.role.usage().map_or("peer", Usage::as_str);
        let entry = planned(settings, name);
        let usage_of_plan = entry.map(|entry| entry.usage.as_str());
        let key = match self.obstacle(name, certificate) {
            Some(obstacle @ (Obstacle::KeyOf(_) | Obstacle::UnknownKey)) => {
                let file = format!("{name}.pem");
                let is_on_key = matches!(finding.rule, Rule::Key | Rule::KeyMissing);
                return obstacle.hint(&settings.store, &file, certificate).filter(|_| is_on_key);
            }
            Some(_) => REUSE,
            // `renew` generates no other key of its type.
            None if spec::key_type(certificate).is_none() => " --key-type ecdsa:p256",
            None => "",
        };
        let renew = || Hint::command(format!("renew {name}{key}"));
        let flags = |field, flags: &str| change(settings, name, field, &format!("{flags}{key}"));
        let mut lifetime = Lifetime::Like(certificate.validity().length());
        let mut is_ca_renewed = false;
        let hint = match finding.rule {
            _ if finding.name.is_some() => {
                let (san, is_planned) = wanted(finding.name.as_deref()?, entry)?;
                if is_planned { renew() } else { flags(Field::San, &san) }
            }
            Rule::PlanDrift => {
                let days = entry.and_then(|entry| settings.planned_days(entry));
                lifetime = days.map_or(lifetime, Lifetime::Days);
                let key_type = entry.and_then(|entry| settings.planned_key_type(entry));
                let is_kept = key_type.is_none() || key_type == spec::key_type(certificate);
                if is_kept { renew() } else { Hint::command(format!("renew {name}")) }
            }
            // The certificate is not as planned: the plan is right.
            Rule::Usage if usage_of_plan == Some(usage) => renew(),
            Rule::PosesAsServer if usage_of_plan == Some("client") => renew(),
            Rule::LooksSelfSigned | Rule::AuthorityKeyId => {
                is_ca_renewed = true;
                renew()
            }
            Rule::Expired | Rule::ExpiresSoon => match self.days_that_last(certificate) {
                Some(days) => {
                    lifetime = Lifetime::Days(days);
                    flags(Field::Days, &format!("--days {days}"))
                }
                None => renew(),
            },
            Rule::Key | Rule::Serial | Rule::SerialRepeated | Rule::NameEncoding => renew(),
            Rule::OutlivesCa => {
                let days = (certificate.not_after() - self.now).whole_days() + 1;
                return is_root(ca).then(|| Hint::command(format!("renew ca --days {days}")));
            }
            Rule::Lifetime => {
                lifetime = Lifetime::Days(825);
                flags(Field::Days, "--days 825")
            }
            Rule::Usage => flags(Field::Usage, &format!("--usage {usage}")),
            Rule::PosesAsServer => flags(Field::Usage, "--usage client"),
            Rule::KeyType | Rule::WeakKey if key == REUSE => return None,
            Rule::KeyType | Rule::WeakKey => {
                change(settings, name, Field::KeyType, "--key-type ecdsa:p256")
            }
            Rule::NoNames => flags(Field::San, "--san HOST"),
            Rule::OneSubject if self.files.elsewhere => return None,
            Rule::OneSubject => {
                return Some(
                    Hint::from("give the CA another name: ")
                        .run("gen --replace-ca --ca-cn NAME")
                        .then(" (the old files go to archive/)"),
                );
            }
            Rule::UnmatchableName => flags(Field::San, &without_unmatchable(certificate)?),
            _ => return None,
        };
        let first = match self.more_time(lifetime, ca) {
            None if is_ca_renewed && is_root(ca) => "renew ca".to_owned(),
            None => return Some(hint),
            Some(_) if !is_root(ca) => return None,
            Some(command) => command,
        };
        let then = match hint.parts() {
            [Part::Command(command)] => Hint::default().run(command.clone()),
            _ => hint,
        };
        Some(Hint::default().run(first).then(", then ").and(then))
    }

    /// Why `renew` does not replace the key of an identity.
    fn obstacle(&self, name: &str, certificate: &Certificate) -> Option<Obstacle> {
        let store = &self.settings.store;
        let name: IdentityName = name.parse().ok()?;
        let has_key = store.has(&name.key_file()).unwrap_or(true);
        let (certificate, chain) = (certificate.clone(), Vec::new());
        let identity = Identity { name, certificate, chain, content: None, has_key };
        Obstacle::of(store, &identity, &self.keys).ok()?
    }

    /// The lifetime that a renewal must ask for, in days, if one as long as the old one would be due again at
    /// the time of the check.
    fn days_that_last(&self, certificate: &Certificate) -> Option<u32> {
        let length = certificate.validity().length();
        let is_short = |lifetime: Lifetime| {
            let validity = lifetime.from(self.now, None).ok()?;
            let is_due = self.window.is_some_and(|window| window.reached(self.at, &validity));
            Some(is_due || self.at > validity.not_after)
        };
        if !is_short(Lifetime::Like(length))? {
            return None;
        }
        let until = (self.at - self.now).whole_days().max(0);
        let mut days = u32::try_from(until + length.whole_days().max(1)).ok()?;
        while is_short(Lifetime::Days(days))? {
            days *= 2;
        }
        Some(days)
    }

    /// The command that renews the CA, if a certificate of that lifetime would outlive it.
    fn more_time(&self, lifetime: Lifetime, ca: &Certificate) -> Option<String> {
        let validity = ca.validity();
        if lifetime.from(self.now, Some(validity)).is_ok() && self.now <= validity.not_after {
            return None;
        }
        let days = match lifetime {
            Lifetime::Days(days) => i64::from(days),
            Lifetime::Like(length) => length.whole_days(),
        };
        let is_enough = days < validity.length().whole_days();
        let more = if is_enough { String::new() } else { format!(" --days {}", days + 1) };
        Some(format!("renew ca{more}"))
    }

    /// Move it away and issue it again: for a certificate that `renew` does not replace.
    fn issued_again(&self, name: &str, certificate: &Certificate, target: &CheckTarget) -> Hint {
        let first = "name the CA that signed it with `--ca FILE`";
        if self.ca().is_none_or(|ca| self.now > ca.not_after()) {
            return first.into();
        }
        let files = [target.file.clone(), target.file.with_extension("key")];
        let away = archived(&files.each_ref().map(PathBuf::as_path));
        let away: String = away.into_iter().map(|command| command + ", ").collect();
        let usage = target.subject.role.usage().unwrap_or(Usage::Server);
        let issue = format!("issue {name}{} --usage {usage}", names(certificate));
        Hint::from(format!("{first}; or issue it again under the CA here: {away}")).run(issue)
    }
}

/// Whether `renew ca` can renew it.
fn is_root(ca: &Certificate) -> bool {
    ca.is_issued_by(ca)
}

/// The flags that add a requested name that is missing, and whether the plan has it.
fn wanted(name: &str, entry: Option<&Entry>) -> Option<(String, bool)> {
    let san: San = name.parse().ok()?;
    let name = name.trim_end_matches('.');
    let name = if name.contains('\'') { quoted(name) } else { format!("'{name}'") };
    Some((format!("--san {name}"), entry.is_some_and(|entry| entry.san.contains(&san))))
}

fn planned<'a>(settings: &'a Settings, name: &str) -> Option<&'a Entry> {
    settings.config.entry(&name.parse().ok()?)
}

/// The flags that drop the names that no client matches; addresses among the DNS names become IP addresses.
fn without_unmatchable(certificate: &Certificate) -> Option<String> {
    let names = certificate.names();
    let addresses = names.iter().filter_map(|one| match one {
        GeneralName::Unmatchable { label: "DNS", text, .. } => text.parse::<IpAddr>().ok(),
        _ => None,
    });
    let flags = addresses.map(|address| format!("--drop-san DNS:{address} --san {address}"));
    let flags: Vec<String> = flags.collect();
    (!flags.is_empty()).then(|| flags.join(" "))
}

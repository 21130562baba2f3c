//! The objects of one file, or of one Secret: which of them are checked, with which key and usage.

use std::{
    cell::LazyCell,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use pki::{
    input::{LocatedObject, Location, PkiObject, PrivateKeySummary},
    x509::{certificate::Certificate, pem::PemFault, usage::Usage},
};

use super::{
    bundle,
    chains::Chains,
    keys::{self, Key},
    target::{CheckContext, CheckTarget},
};
use crate::{
    cli::CheckArgs,
    cmd::check::issuer_index::{IssuerIndex, LIMIT},
    config::Settings,
    issue::identity::IdentityName,
};

/// The source of the usage of a certificate.
const ASKED: &str = "as asked";
const PLANNED: &str = "from the plan";
const NAMED: &str = "assumed from its name";
const BY_EKU: &str = "from its extendedKeyUsage";
const UNLIMITED: &str = "it has no extendedKeyUsage";

/// The certificates of a file or Secret to check: its end-entity certificates; without any, its CAs.
pub(super) fn subjects(
    path: &Path,
    found: Vec<LocatedObject>,
    asked: &CheckContext<'_>,
) -> Vec<CheckTarget> {
    let CheckContext { args, settings, trust, .. } = *asked;
    let mut places: Vec<Option<Location>> = Vec::new();
    let mut pool: Vec<Certificate> = Vec::new();
    let mut inside: Vec<(Option<Location>, PrivateKeySummary)> = Vec::new();
    let mut broken: Vec<(Option<Location>, String)> = Vec::new();
    let mut forms: Vec<(Option<Location>, Vec<PemFault>)> = Vec::new();
    for LocatedObject { location: within, object, form } in found {
        if !form.is_empty() {
            forms.push((within.clone(), form));
        }
        match object {
            PkiObject::Certificate(certificate) => {
                places.push(within);
                pool.push(*certificate);
            }
            PkiObject::PrivateKey(facts) => inside.push((within, facts)),
            // A truncated object that may be a certificate.
            PkiObject::Broken { what: "certificate" | "DER structure", reason } => {
                broken.push((within, reason.to_string()));
            }
            _ => {}
        }
    }
    pool.extend_from_slice(&trust.untrusted);
    let pool = Arc::new(pool);
    let (all, others) = pool.split_at(places.len());
    let known_as = known_as(path, settings);
    let beside = LazyCell::new(|| keys::beside(path));
    let has_key = || !beside.is_empty();
    let secret_ca = secret_ca(&places, all).map(Arc::new);
    let is_alone = all.len() + broken.len() == 1;
    let chains = Chains::of(&places, all, &inside);
    // In a file of few, all may be tried.
    let index = (all.len() > LIMIT).then(|| IssuerIndex::new(all));
    let as_leaf = is_asked_as_leaf(path, known_as.as_deref(), args);
    let leaves = all.iter().filter(|one| !one.is_ca()).count();
    let is_checked = |certificate: &Certificate| {
        !certificate.is_ca() || leaves == 0 || (as_leaf && all.len() == 1)
    };
    let new = |within: &Option<Location>, certificate| CheckTarget {
        name: keys::shown(path, within.as_ref()),
        file: path.to_owned(),
        known_as: known_as.clone().filter(|_| within.is_none()),
        certificate,
        pool: Arc::clone(&pool),
        possible_issuers: None,
        key: Key::NotExpected,
        usage: None,
        is_anchor: false,
        secret_ca: None,
        bundle: None,
        form: faults_beside(&forms, within.as_ref()),
        served: None,
    };

    let checked = all.iter().filter(|one| is_checked(one)).count();
    let mut subjects = Vec::new();
    for (place, (within, certificate)) in places.iter().zip(all).enumerate() {
        if !is_checked(certificate) {
            continue;
        }
        let mut subject = new(within, Ok(certificate.clone()));
        subject.possible_issuers = index.as_ref().map(|index| {
            let others = (all.len()..).take(others.len());
            index.above(place).into_iter().chain(others).collect()
        });
        let the_ca = subject.known_as.as_deref() == Some("ca") && !settings.ca.elsewhere;
        let stem = stem(path, within.as_ref());
        let is_leaf = as_leaf
            || (!certificate.is_ca() && !the_ca)
            || plays_leaf(certificate, &stem, subject.known_as.as_deref(), settings, has_key);
        subject.is_anchor = !is_leaf && trust.anchors.contains(certificate);
        if within.is_none() && checked > 1 {
            subject.name = format!("{}: {}. {}", subject.name, place + 1, certificate.subject());
        }
        subject.usage = is_leaf
            .then(|| usage_of(certificate, &stem, subject.known_as.as_deref(), args, settings));
        subject.key = if let (Some(path), true) = (&args.key, is_leaf) {
            keys::read(path)
        } else if let Some(key) = keys::among(&inside, within.as_ref(), certificate, path) {
            key
        } else if within.is_none() && leaves.max(1) == 1 {
            beside_it(path, certificate, &beside, is_leaf)
        } else {
            Key::NotExpected
        };
        let own = chains.of_leaf(within.as_ref(), certificate, all);
        let own = own.map(|chain| bundle::check_with_key(certificate, &chain));
        let has_others = within.is_none() && !is_alone;
        subject.bundle =
            own.or_else(|| has_others.then(|| bundle::check(certificate, all, leaves)));
        subject.secret_ca = secret_ca.clone().filter(|_| is_leaf && stem == "tls");
        subjects.push(subject);
    }
    subjects.extend(broken.into_iter().map(|(within, reason)| {
        let mut subject = new(&within, Err(reason));
        if within.is_none() && !is_alone {
            subject.name.push_str(": certificate that cannot be read");
        }
        subject
    }));
    subjects
}

/// What the users of a TLS Secret trust: its `ca.crt`, if it has one. No client takes the certificate of a
/// server for its issuer.
fn secret_ca(places: &[Option<Location>], all: &[Certificate]) -> Option<Vec<Certificate>> {
    let is_in_ca = |within: &Location| within.is_tls && within.entry == "ca.crt";
    let mut inside = places
        .iter()
        .zip(all)
        .filter(|(within, _)| within.as_ref().is_some_and(is_in_ca))
        .map(|(_, certificate)| certificate)
        .peekable();
    inside.peek()?;
    Some(inside.filter(|one| one.is_ca() || one.is_self_issued()).cloned().collect())
}

/// Whether a CA certificate is checked as a server or client: only if it was named. One that was found in a
/// directory is not checked for a host.
fn is_asked_as_leaf(path: &Path, known_as: Option<&str>, args: &CheckArgs) -> bool {
    let is_named = |target: &PathBuf| {
        target == path || known_as.is_some_and(|name| target.as_os_str() == name)
    };
    args.targets.iter().any(is_named)
        && (args.usage.is_some() || !args.host.is_empty() || !args.email.is_empty())
}

/// The PEM faults of the same file, or of the same entry: clients read a file whole or not at all.
fn faults_beside(
    forms: &[(Option<Location>, Vec<PemFault>)],
    within: Option<&Location>,
) -> Vec<PemFault> {
    let same = forms.iter().filter(|(other, _)| other.as_ref() == within);
    same.flat_map(|(_, faults)| faults).copied().collect()
}

/// The key beside the only certificate of its kind in a file.
fn beside_it(path: &Path, certificate: &Certificate, beside: &[Key], is_leaf: bool) -> Key {
    let own = beside.iter().find(|key| key.belongs_to(certificate));
    match own.or(beside.first()) {
        Some(key) => key.clone(),
        None if is_leaf && path != Path::new("-") => Key::Missing(path.with_extension("key")),
        None => Key::NotExpected,
    }
}

/// The name by which `renew` knows a file of the directory.
fn known_as(path: &Path, settings: &Settings) -> Option<String> {
    let identity = |path: &Path| fs::metadata(path).ok().map(|data| (data.dev(), data.ino()));
    let own = identity(path);
    let same = |other: &Path| path == other || (own.is_some() && identity(other) == own);
    if same(&settings.ca.certificate) {
        return Some("ca".to_owned());
    }
    let name: IdentityName = path.file_stem()?.to_str()?.parse().ok()?;
    same(&settings.store.path(&name.certificate_file())).then(|| name.to_string())
}

/// The name of the file without its extension; for a Secret, of the entry.
fn stem(path: &Path, within: Option<&Location>) -> String {
    let name = within.map_or(path, |within| Path::new(&within.entry));
    name.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn usage_of(
    certificate: &Certificate,
    stem: &str,
    known_as: Option<&str>,
    args: &CheckArgs,
    settings: &Settings,
) -> (Option<Usage>, &'static str) {
    if args.usage.is_some() {
        return (args.usage, ASKED);
    }
    let planned = settings.config.plan.iter().find(|entry| Some(entry.name.as_str()) == known_as);
    if let Some(entry) = planned {
        return (Some(entry.usage), PLANNED);
    }
    match stem {
        "server" => (Some(Usage::Server), NAMED),
        "client" => (Some(Usage::Client), NAMED),
        _ if certificate.purposes().is_none() => (None, UNLIMITED),
        _ => (certificate.usage(), BY_EKU),
    }
}

/// Whether a CA certificate is nevertheless used as a server or client: the plan or its name says
/// so, or its extendedKeyUsage does and its key is beside it.
fn plays_leaf(
    certificate: &Certificate,
    stem: &str,
    known_as: Option<&str>,
    settings: &Settings,
    has_key: impl Fn() -> bool,
) -> bool {
    let is_planned = settings.config.plan.iter().any(|one| Some(one.name.as_str()) == known_as);
    let is_named = matches!(stem, "server" | "client");
    let purposes = certificate.purposes().and_then(Usage::of_purposes).is_some();
    certificate.is_ca() && (is_planned || is_named || (purposes && has_key()))
}

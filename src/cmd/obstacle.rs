//! What to type where certctl does not renew a certificate of its CA.
use crate::{
    ca::{
        identity::IdentityName,
        layout::{Form, folder_of},
        state::Obstacle,
    },
    error::{Error, Urgency},
    report::quoted,
    store::Store,
};
use pki::x509::{
    cert::Certificate,
    san::{GeneralName, San},
};

/// The error for a certificate in `file` of the directory that is not renewed.
pub(super) fn error(
    obstacle: &Obstacle,
    store: &Store,
    file: &str,
    certificate: &Certificate,
    urgency: Urgency,
) -> Error {
    Error::NotRenewed {
        path: store.path(file),
        not_after: certificate.not_after(),
        urgency,
        reason: obstacle.reason(store),
        hint: hint(obstacle, store, file, certificate),
    }
}

/// The next command; none where no command of certctl helps.
pub(super) fn hint(
    obstacle: &Obstacle,
    store: &Store,
    file: &str,
    certificate: &Certificate,
) -> Option<String> {
    let name = file.strip_suffix(".pem").and_then(|name| name.parse::<IdentityName>().ok());
    let quote = |file: &str| quoted(&store.path(file));
    Some(match (obstacle, name) {
        (Obstacle::NoKey, Some(name)) => format!(
            "renew it where its key is, or sign the same public key again: `certctl renew {name} --reuse-key`"
        ),
        (Obstacle::Encrypted, Some(name)) => {
            format!("keep the key and sign it again: `certctl renew {name} --reuse-key`")
        }
        (Obstacle::UnknownKey, Some(name)) => {
            let key = quote(&name.key_file())?;
            format!("if the key is not needed, move it away: `mv {key} {key}.old`")
        }
        (Obstacle::KeyOf(owner), Some(name)) => {
            let owner = owner.strip_suffix(".pem").and_then(|name| name.parse().ok());
            let owner: IdentityName = owner?;
            let (from, to) = (quote(&name.key_file())?, quote(&owner.key_file())?);
            match store.has(&owner.key_file()) {
                Ok(false) => format!("give the key its name back: `mv {from} {to}`"),
                _ => format!("exchange the keys: `mv {to} {to}.old`, then `mv {from} {to}`"),
            }
        }
        (Obstacle::KeyNamed(key), Some(name)) => {
            let (from, to) = (quote(key)?, quote(&name.key_file())?);
            let other = match store.has(&name.key_file()) {
                Ok(false) => String::new(),
                _ => format!("`mv {to} {to}.old`, then "),
            };
            format!(
                "rename the key ({other}`mv {from} {to}`), also in the settings of its service, then `certctl renew {name}`"
            )
        }
        (Obstacle::Layout(Form::Pem, Some(key)), _) => {
            let name = free_name(store, file, certificate, &[file, key])?;
            let moves = [(file, name.certificate_file()), (key, name.key_file())]
                .into_iter()
                .filter(|(from, to)| from != to)
                .map(|(from, to)| Some(format!("`mv {} {}`", quote(from)?, quote(&to)?)))
                .collect::<Option<Vec<_>>>()?;
            format!(
                "rename its files ({}), also in the settings of its service, then `certctl renew {name}`",
                moves.join(", ")
            )
        }
        (Obstacle::Copy(name, _, Some(key)), _) => copy_again(store, name, file, key)?,
        (Obstacle::Copy(name, Form::Pem, None), _) => {
            let (from, to) = (quote(&name.certificate_file())?, quote(file)?);
            format!("copy it again (`cp {from} {to}`), or remove it if it is not used: `rm {to}`")
        }
        (Obstacle::Copy(name, ..), _) => format!(
            "write it again from `{}`, or remove it if it is not used: `rm {}`",
            name.certificate_file(),
            quote(file)?
        ),
        (Obstacle::Layout(Form::Ca, _), _) => {
            "sign it again with the program that issued it, and replace the file".to_owned()
        }
        (Obstacle::Layout(Form::Further, _), _) => {
            "take it out of the file; if it is used, issue it as an identity: `certctl issue NAME`"
                .to_owned()
        }
        (Obstacle::Layout(..), _) | (Obstacle::Signature, None) => {
            let name = free_name(store, file, certificate, &[])?;
            let usage = certificate.usage()?;
            let hosts = hosts(certificate);
            format!(
                "issue it as an identity (`certctl issue {name}{hosts} --usage {usage}`), use those files in the settings of its service, then move the old one away"
            )
        }
        (Obstacle::Signature, Some(name)) => {
            let (pem, key) = (quote(file)?, quote(&name.key_file())?);
            format!(
                "issue it again: `mv {pem} {pem}.old`, `mv {key} {key}.old`, `certctl issue {name} HOST`"
            )
        }
        (Obstacle::OtherIssuer, Some(name)) => {
            let (pem, key) = (quote(&name.certificate_file())?, quote(&name.key_file())?);
            format!(
                "move its files away (`mv {pem} {pem}.old`, `mv {key} {key}.old`), then `certctl gen` issues it"
            )
        }
        (Obstacle::CaExpired, _) => "certctl renew ca".to_owned(),
        _ => return None,
    })
}

/// How a pair in a folder gets what the identity has now.
fn copy_again(store: &Store, name: &IdentityName, file: &str, key: &str) -> Option<String> {
    let quote = |file: &str| quoted(&store.path(file));
    let (own, own_key) = (name.certificate_file(), name.key_file());
    let folder = folder_of(file);
    let is_export = file == format!("{folder}/{own}") && key == format!("{folder}/{own_key}");
    let (to, key) = (quote(file)?, quote(key)?);
    let again = if is_export {
        format!("`certctl export {name} --to {}`", quote(folder)?)
    } else {
        format!("`cp {} {to}`, `cp {} {key}`", quote(&own)?, quote(&own_key)?)
    };
    Some(format!("copy it again ({again}), or remove it if it is not used: `rm {to} {key}`"))
}

/// The hosts of a certificate, as arguments of `issue`: a space before each.
pub(super) fn hosts(certificate: &Certificate) -> String {
    let names = certificate.names();
    let hosts = names.iter().filter_map(GeneralName::san);
    let hosts = hosts.filter(|san| matches!(san, San::Dns(_) | San::Ip(_)));
    hosts.flat_map(|san| [" ".to_owned(), san.value()]).collect()
}

/// A name for the identity that a file of another layout could be, whose files do not exist or are
/// among `own`. A folder with the name of the host is a better name than that of the file in it
/// (`example.com/cert.pem`).
fn free_name(
    store: &Store,
    file: &str,
    certificate: &Certificate,
    own: &[&str],
) -> Option<IdentityName> {
    let mut parts = file.rsplit('/');
    let base = parts.next().unwrap_or(file);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let hosts = hosts(certificate);
    let is_host = |folder: &&str| hosts.split_whitespace().any(|host| host == *folder);
    let stem = parts.next().filter(is_host).unwrap_or(stem);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = stem.chars().map(plain).collect();
    let name = name.trim_start_matches(['.', '_', '-']);
    let is_free = |file: &str| own.contains(&file) || matches!(store.has(file), Ok(false));
    ["", "-2", "-3"]
        .iter()
        .filter_map(|suffix| format!("{name}{suffix}").parse::<IdentityName>().ok())
        .find(|name| is_free(&name.certificate_file()) && is_free(&name.key_file()))
}

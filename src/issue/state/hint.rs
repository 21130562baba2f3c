//! The error and the hint for a certificate of the CA that certctl does not renew.

use std::path::PathBuf;

use pki::{
    input::{self, LocationKind},
    x509::{
        certificate::Certificate,
        key::PrivateKey,
        san::{GeneralName, San},
    },
};
use zeroize::Zeroizing;

use super::Obstacle;
use crate::{
    hint::{Command, Hint},
    issue::{
        error::{IssueError, archived},
        identity::{IdentityName, read_key},
        layout::{Form, folder_of},
        urgency::Urgency,
    },
    path_text::{PathText as _, quoted},
    store::{CA_CERTIFICATE, LIMIT, Store},
};

/// For the certificate of a CA below this one.
pub(crate) const OF_CA: &str =
    "sign it again with the program that issued it, and replace the file";

impl Obstacle {
    /// The error for a certificate in `file` of the directory that is not renewed.
    pub(crate) fn error(
        &self,
        store: &Store,
        file: &str,
        certificate: &Certificate,
        urgency: Urgency,
    ) -> IssueError {
        IssueError::NotRenewed {
            path: store.path(file),
            not_after: certificate.not_after(),
            urgency,
            reason: self.reason(store),
            hint: self.hint(store, file, certificate),
        }
    }

    /// The next command, if one helps.
    pub(crate) fn hint(
        &self,
        store: &Store,
        file: &str,
        certificate: &Certificate,
    ) -> Option<Hint> {
        let name = file.strip_suffix(".pem").and_then(|name| name.parse::<IdentityName>().ok());
        let quote = |file: &str| store.path(file).typed();
        Some(match (self, name) {
            (Self::NoKey, Some(name)) => {
                Hint::from("renew it where its key is, or sign the same public key again: ")
                    .run(format!("renew {name} --reuse-key"))
            }
            (Self::Encrypted, Some(name)) => Hint::from("keep the key and sign it again: ")
                .run(format!("renew {name} --reuse-key")),
            (Self::UnknownKey, Some(name)) => {
                let (away, file) = (away(store, &[name.key_file()]).join(", "), quote(file));
                let first = "put the key there in a format that certctl reads; or, if it is not \
                        needed, generate a new one: ";
                Hint::from(format!("{first}{away}, `rm {file}`, ")).run(issue(&name, certificate))
            }
            (Self::MixedKey(what), Some(name)) => keep_key(store, &name, certificate, what),
            (Self::KeyOf(owner), Some(name)) => own_key(store, owner, &name, file)?,
            (Self::KeyNamed(key), Some(name)) => {
                let (from, to) = (quote(key), quote(&name.key_file()));
                let mut moves = away(store, &[name.key_file()]);
                moves.push(format!("`mv {from} {to}`"));
                let moves = moves.join(", ");
                Hint::from(format!(
                    "rename the key ({moves}), also in the settings of its service, then "
                ))
                .run(format!("renew {name}"))
            }
            (Self::Layout(Form::Pem, Some(key)), _) => {
                let name = free_name(store, file, Some(certificate), &[file, key])?;
                let moves = [(file, name.certificate_file()), (key, name.key_file())]
                    .into_iter()
                    .filter(|(from, to)| from != to)
                    .map(|(from, to)| format!("`mv {} {}`", quote(from), quote(&to)));
                let moves = moves.collect::<Vec<_>>().join(", ");
                Hint::from(format!(
                    "rename its files ({moves}), also in the settings of its service, then "
                ))
                .run(format!("renew {name}"))
            }
            (Self::Copy(name, _, Some(key)), _) => copy_again(store, name, file, key),
            (Self::Copy(name, Form::Pem, None), _) => {
                let (from, to) = (quote(&name.certificate_file()), quote(file));
                format!(
                    "copy it again (`cp {from} {to}`), or remove it if it is not used: `rm {to}`"
                )
                .into()
            }
            // Without the rest of the file.
            (Self::Copy(name, Form::OfCa, None), _) => format!(
                "write it again from `{}`, or take it out of the file if it is not used",
                name.certificate_file()
            )
            .into(),
            (Self::Copy(name, Form::WithKey, None), _) if secret(store, name, file).is_some() => {
                let again = Hint::from("write it again: ").run(secret(store, name, file)?);
                again.then(format!("; or remove it if it is not used: `rm {}`", quote(file)))
            }
            (Self::Copy(name, ..), _) => format!(
                "write it again from `{}`, or remove it if it is not used: `rm {}`",
                name.certificate_file(),
                quote(file)
            )
            .into(),
            (Self::Layout(Form::Ca, _), _) => OF_CA.into(),
            (Self::Layout(Form::Fault(fault), _), _) => {
                format!("rewrite it in the usual form: {}", fault.rewritten(&quote(file))).into()
            }
            (Self::Layout(form @ (Form::Further | Form::OfCa), _), _) => {
                take_out(store, *form, file, certificate)?
            }
            (Self::Layout(..), _) | (Self::Signature, None) => {
                let name = free_name(store, file, Some(certificate), &[])?;
                certificate.usage()?;
                Hint::from("issue it as an identity (").run(issue(&name, certificate)).then(
                    "), use those files in the settings of its service, then move the old one away",
                )
            }
            (Self::Signature, Some(name)) => {
                let away = away(store, &[file.to_owned(), name.key_file()]).join(", ");
                Hint::from(format!("issue it again: {away}, ")).run(issue(&name, certificate))
            }
            (Self::OtherIssuer, Some(name)) => {
                let away = away(store, &[name.certificate_file(), name.key_file()]).join(", ");
                Hint::from(format!("move its files away ({away}), then issue it: ")).run("gen")
            }
            (Self::CaExpired, _) => Hint::command("renew ca"),
            _ => return None,
        })
    }
}

/// How to give an identity its own key, if its key file has that of `owner`.
fn own_key(store: &Store, owner: &str, name: &IdentityName, file: &str) -> Option<Hint> {
    let quote = |file: &str| store.path(file).typed();
    let owner = owner.strip_suffix(".pem").and_then(|name| name.parse().ok());
    let owner: IdentityName = owner?;
    if owner == *name {
        return Some(
            Hint::from(
                "its key is that of a further certificate in the file: put that one first, or \
                write the file again; this shows them: ",
            )
            .run(Command::from("inspect").path(&store.path(file))),
        );
    }
    let (from, to) = (quote(&name.key_file()), quote(&owner.key_file()));
    Some(if let Ok(false) = store.has(&owner.key_file()) {
        format!("rename the key back: `mv {from} {to}`").into()
    } else {
        let aside = quote(&(owner.key_file() + ".aside"));
        format!("exchange the keys: `mv {to} {aside}`, `mv {from} {to}`, `mv {aside} {from}`")
            .into()
    })
}

/// How to sign the key of a file that also has other content.
fn keep_key(store: &Store, name: &IdentityName, certificate: &Certificate, what: &str) -> Hint {
    let is_its_key = |key: PrivateKey| key.public() == certificate.public_key();
    if read_key(store, &store.path(&name.key_file())).is_ok_and(is_its_key) {
        let hint = Hint::from("keep the file and sign its key again: ")
            .run(format!("renew {name} --reuse-key"));
        if what != "a certificate" {
            return hint;
        }
        let (file, own) = (name.key_file(), name.certificate_file());
        hint.then(format!(", then write the certificate in `{file}` again from `{own}`"))
    } else {
        "move all but its private key to another file".into()
    }
}

/// How to make an identity of a certificate in a file of others.
fn take_out(store: &Store, form: Form, file: &str, certificate: &Certificate) -> Option<Hint> {
    let names = certificate.names();
    let host = names.iter().filter_map(GeneralName::san).map(San::value).next();
    // `ca` is reserved.
    let file = match form {
        Form::OfCa => format!("{}.pem", host.as_deref().unwrap_or("leaf")),
        _ => file.to_owned(),
    };
    let name = free_name(store, &file, Some(certificate), &[])?;
    Some(
        Hint::from("take it out of the file; if it is used, issue it as an identity: ")
            .run(issue(&name, certificate)),
    )
}

/// The command that writes a manifest again, if it is one Secret as `k8s secret` writes it, without labels.
fn secret(store: &Store, name: &IdentityName, file: &str) -> Option<Command> {
    let content = Zeroizing::new(store.read_path(&store.path(file), LIMIT).ok()?);
    let text = std::str::from_utf8(&content).ok()?;
    let found = input::read(&content, None).ok()?;
    let mut places = found.iter().map(|one| one.location.as_ref());
    let first = places.next()??;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-./".contains(c);
    let own = [name.certificate_file(), name.key_file(), CA_CERTIFICATE.to_owned()];
    let of_tls = ["tls.crt", "tls.key", "ca.crt"].map(str::to_owned);
    let is_tls = first.kind == LocationKind::TlsSecret;
    let known = if is_tls { of_tls } else { own };
    let is_known = found.iter().filter_map(|one| one.location.as_ref()).all(|place| {
        place.source == first.source && known.iter().any(|known| place.entry.starts_with(known))
    });
    let is_more = text.contains("labels") || text.contains("annotations");
    if is_more || !is_known || first.source.is_empty() || !first.source.chars().all(is_plain) {
        return None;
    }
    let (namespace, object) = first.source.split_once('/').unwrap_or(("", &first.source));
    let namespace = Some(namespace).filter(|one| !one.is_empty());
    let namespace = namespace.map(|one| format!(" --namespace {one}")).unwrap_or_default();
    let form = if text.trim_start().starts_with('{') { "json" } else { "yaml" };
    let kind = if is_tls { " --type tls" } else { "" };
    let line = format!("k8s secret {name} --name {object}{namespace}{kind} -o {form} --out-file");
    Some(Command::from(line).path(&store.path(file)))
}

/// How to update a copy of an identity in a folder.
fn copy_again(store: &Store, name: &IdentityName, file: &str, key: &str) -> Hint {
    let quote = |file: &str| store.path(file).typed();
    let (own, own_key) = (name.certificate_file(), name.key_file());
    let folder = folder_of(file);
    let is_export = file == format!("{folder}/{own}") && key == format!("{folder}/{own_key}");
    let (to, key) = (quote(file), quote(key));
    let again = Hint::from("copy it again (");
    let again = if is_export {
        again.run(format!("export {name} --to {}", quote(folder)))
    } else {
        again.then(format!("`cp {} {to}`, `cp {} {key}`", quote(&own), quote(&own_key)))
    };
    again.then(format!("), or remove it if it is not used: `rm {to} {key}`"))
}

/// The command that issues a certificate with the same names and usage, without the program.
pub(crate) fn issue(name: &IdentityName, certificate: &Certificate) -> String {
    let usage = certificate.usage().map(|usage| format!(" --usage {usage}")).unwrap_or_default();
    format!("issue {name}{}{usage}", names(certificate))
}

/// The names of a certificate, as arguments of `issue`: a space before each.
pub(crate) fn names(certificate: &Certificate) -> String {
    let names = certificate.names();
    let typed = names.iter().filter_map(GeneralName::san).map(|san| {
        let value = quoted(&san.value());
        match san {
            San::Dns(_) | San::Ip(_) => format!(" {value}"),
            San::Uri(_) | San::Email(_) => format!(" --san {value}"),
        }
    });
    typed.collect()
}

/// Commands that move those files of the directory away that exist.
pub(crate) fn away(store: &Store, files: &[String]) -> Vec<String> {
    let paths: Vec<PathBuf> = files.iter().map(|file| store.path(file)).collect();
    archived(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>())
}

/// What the names of files with certificates and keys end in.
const ENDS: [&str; 8] = [".pem", ".crt", ".cer", ".der", ".key", ".csr", ".crl", ".srl"];

/// A name for the identity that a file of another layout could be, whose files do not exist or are
/// among `own`. A folder with the name of the host is a better name than that of the file in it
/// (`example.com/cert.pem`).
pub(crate) fn free_name(
    store: &Store,
    file: &str,
    certificate: Option<&Certificate>,
    own: &[&str],
) -> Option<IdentityName> {
    let mut parts = file.rsplit('/');
    let base = parts.next().unwrap_or(file);
    let mut stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    while let Some(shorter) = ENDS.iter().find_map(|end| stem.strip_suffix(end)) {
        stem = shorter;
    }
    let names = certificate.map(Certificate::names).unwrap_or_default();
    let mut hosts = names.iter().filter_map(GeneralName::san).map(San::value);
    let stem = parts.next().filter(|folder| hosts.any(|host| host == *folder)).unwrap_or(stem);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = stem.chars().map(plain).collect();
    let name = name.trim_start_matches(['.', '_', '-']);
    let is_free = |file: &str| own.contains(&file) || matches!(store.has(file), Ok(false));
    ["", "-2", "-3"]
        .iter()
        .filter_map(|suffix| format!("{name}{suffix}").parse::<IdentityName>().ok())
        .find(|name| is_free(&name.certificate_file()) && is_free(&name.key_file()))
}

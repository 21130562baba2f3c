//! The fields in which the API of Kubernetes has base64 of PEM.

/// The beginning of a PEM block.
pub(super) const BEGIN: &str = "-----BEGIN ";

/// The type of object that a field must have; `None` for other fields.
pub(super) fn promise(kind: &str, path: &str) -> Option<&'static str> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let is_request = matches!(kind, "CertificateSigningRequest" | "CertificateRequest");
    match name {
        "certificate-authority-data" | "client-certificate-data" => Some("certificate"),
        "client-key-data" => Some("private key"),
        "caBundle" if has_ca_bundle(kind) => Some("certificate"),
        _ if !is_request => None,
        _ => match path {
            "spec.request" => Some("certificate request"),
            "status.certificate" | "status.ca" => Some("certificate"),
            _ => None,
        },
    }
}

/// Whether `caBundle` is base64 in objects of a kind. In those of other programs it may be a name.
fn has_ca_bundle(kind: &str) -> bool {
    let kinds = ["APIService", "CustomResourceDefinition", "Issuer", "ClusterIssuer"];
    kind.ends_with("WebhookConfiguration") || kinds.contains(&kind)
}

/// Whether a text is a placeholder for a value: `${CA_BUNDLE}`, `{{ .Values.ca }}`,
/// `<base64>`, or what `kubectl config view` prints.
pub(super) fn is_placeholder(text: &str) -> bool {
    matches!(text.trim(), "DATA+OMITTED" | "REDACTED")
        || text.contains(['{', '<', '$', '%'])
        || text.contains("...")
}

/// Whether the name of a value is that of a file with a certificate.
pub(super) fn is_certificate_name(key: &str) -> bool {
    let ends = [".crt", ".pem", ".cer", ".cert", ".crl", ".p12", ".pfx", ".jks"];
    ends.iter().any(|end| key.to_ascii_lowercase().ends_with(end))
}

/// Whether a text only has the BEGIN line of a block, as the placeholder of a form has it.
pub(super) fn is_mention(text: &str) -> bool {
    text.split_once(BEGIN)
        .is_some_and(|(_, rest)| rest.trim_ascii_end().len() < 64 && !rest.contains(['\n', '\\']))
}

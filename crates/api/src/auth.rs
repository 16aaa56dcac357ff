//! Which keys an `Authorization` header may mean.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Why a header names no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// No header, or an empty one.
    Absent,
    /// Not `Basic` and a token.
    Scheme,
}

/// The keys that a header may mean, most likely first (conventions.md §2): the token itself; the key whose inner secret
/// was sent as the password of user `0`, which is the same text; the key whose secret, or which itself, was sent as the
/// user name with an empty password.
pub(crate) fn candidates(header: Option<&str>) -> Result<Vec<String>, Malformed> {
    let header = header.map(str::trim).filter(|header| !header.is_empty()).ok_or(Malformed::Absent)?;
    let (scheme, token) = header.split_once(' ').ok_or(Malformed::Scheme)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("Basic") || token.is_empty() {
        return Err(Malformed::Scheme);
    }
    let mut keys = vec![token.to_owned()];
    let decoded = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some(text) = decoded {
        if let Some(secret) = text.strip_prefix("0:") {
            keys.push(key_of(secret));
        }
        if let Some(user) = text.strip_suffix(':') {
            keys.push(user.to_owned());
            keys.push(key_of(user));
        }
    }
    keys.dedup();
    Ok(keys)
}

/// The key that is shown for a secret: base64 of user `0` and the secret.
pub fn key_of(secret: &str) -> String {
    STANDARD.encode(format!("0:{secret}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_present_a_key_names_it() {
        let secret = "s".repeat(64);
        let key = key_of(&secret);
        assert_eq!(key.len(), 88);
        assert!(key.starts_with("MDp"));
        let ways = [
            format!("Basic {key}"),
            format!("basic   {key} "),
            format!("Basic {}", STANDARD.encode(format!("0:{secret}"))),
            format!("Basic {}", STANDARD.encode(format!("{key}:"))),
            format!("Basic {}", STANDARD.encode(format!("{secret}:"))),
        ];
        for way in ways {
            assert!(candidates(Some(&way)).unwrap().contains(&key), "{way}");
        }
    }

    #[test]
    fn anything_else_is_malformed() {
        for (header, why) in [
            (None, Malformed::Absent),
            (Some(""), Malformed::Absent),
            (Some("Basic"), Malformed::Scheme),
            (Some("Bearer abc"), Malformed::Scheme),
            (Some("abc"), Malformed::Scheme),
        ] {
            assert_eq!(candidates(header), Err(why));
        }
        assert_eq!(candidates(Some("Basic old-key")), Ok(vec!["old-key".to_owned()]));
    }
}

//! `billfold key create`, `list` and `revoke`.

use app::accounts::key;
use serde_json::json;

use crate::{
    account::chosen,
    cli::{Inquiry, KeyCreate, KeyRevoke},
    failure::Failure,
    migrate, print,
};

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Characters of a key's secret.
const SECRET_LENGTH: usize = 64;

/// A new key: 64 characters of chance, in the form that the original's keys have.
pub(crate) fn generate() -> Result<String, Failure> {
    let mut secret = String::with_capacity(SECRET_LENGTH);
    while secret.len() < SECRET_LENGTH {
        let mut bytes = [0; SECRET_LENGTH];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        // 248 is four times 62: every character is as likely as any other.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| char::from(ALPHABET[usize::from(*byte) % 62]));
        // A letter comes first, so that the key begins as the original's keys do.
        let fair = fair.skip_while(|first| secret.is_empty() && !first.is_ascii_alphabetic());
        let fair: String = fair.take(SECRET_LENGTH - secret.len()).collect();
        secret.push_str(&fair);
    }
    Ok(api::key_of(&secret))
}

/// Creates a key and prints it, once.
pub(crate) async fn create(arguments: KeyCreate) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let (new, now, label) = (generate()?, app.now(), arguments.label);
    let own = new.clone();
    let id = app.db().write(move |tx| key::create(tx, account, &label, &own, now)).await?;
    if arguments.output.json {
        print::json(&json!({ "accountId": account.0, "keyId": id.0, "apiKey": new }));
    } else {
        println!("Key {id} of account {account}, shown only now: {new}");
    }
    app.close().await;
    Ok(())
}

/// Lists an account's keys.
pub(crate) async fn list(arguments: Inquiry) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let keys = app.db().read(move |tx| key::list(tx, account)).await?;
    if arguments.output.json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "keyId": key.id.0,
                    "label": key.label,
                    "createdAt": key.created_at.to_string(),
                    "revokedAt": key.revoked_at.map(|at| at.to_string())
                })
            })
            .collect();
        print::json(&json!({ "accountId": account.0, "keys": keys }));
    } else {
        for key in keys {
            let revoked = key.revoked_at.map(|at| format!(", revoked {at}")).unwrap_or_default();
            println!("{}  created {}{revoked}  {}", key.id, key.created_at, key.label);
        }
    }
    app.close().await;
    Ok(())
}

/// Revokes a key.
pub(crate) async fn revoke(arguments: KeyRevoke) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let (id, now) = (arguments.key_id, app.now());
    app.db().write(move |tx| key::revoke(tx, account, id, now)).await?;
    if arguments.output.json {
        print::json(&json!({ "accountId": account.0, "keyId": id.0, "revokedAt": now.to_string() }));
    } else {
        println!("Key {id} of account {account} is revoked.");
    }
    app.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_form_of_the_original_and_differ() {
        let keys: Vec<String> = (0..200).map(|_| generate().unwrap()).collect();
        for key in &keys {
            assert_eq!(key.len(), 88);
            assert!(key.starts_with("MDp"), "{key}");
        }
        assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), keys.len());
    }
}

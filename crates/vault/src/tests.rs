//! What is sealed opens with its key in its place, and nowhere else.

use super::*;

const HERE: Place = Place { column: "payment_method.token", account: 7, row: 42 };

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn keys(text: &str) -> Vault {
    Vault::parse(&secret(text)).unwrap()
}

fn key(id: &str, byte: u8) -> String {
    format!("{id}:{}", BASE64_STANDARD.encode([byte; 32]))
}

#[test]
fn a_secret_comes_back_where_it_was_sealed() {
    let vault = keys(&key("a", 1));
    for text in ["", "sk_test_123", "größe", &"x".repeat(SECRET_LENGTH_MAX)] {
        let sealed = vault.seal(HERE, &secret(text)).unwrap();
        assert_eq!(vault.open(HERE, &sealed).unwrap().expose_secret(), text);
        assert!(text.is_empty() || !sealed.contains(text), "{sealed}");
    }
    assert_eq!(vault.seal(HERE, &secret(&"x".repeat(SECRET_LENGTH_MAX + 1))), Err(Fault::TooLong));
}

#[test]
fn the_same_secret_never_looks_the_same() {
    let vault = keys(&key("a", 1));
    assert_ne!(vault.seal(HERE, &secret("x")), vault.seal(HERE, &secret("x")));
}

#[test]
fn no_other_place_opens_it() {
    let vault = keys(&key("a", 1));
    let sealed = vault.seal(HERE, &secret("x")).unwrap();
    let elsewhere =
        [Place { column: "payment_gateway.secret", ..HERE }, Place { account: 8, ..HERE }, Place { row: 43, ..HERE }];
    for place in elsewhere {
        assert_eq!(vault.open(place, &sealed).unwrap_err(), Fault::Damaged(place));
    }
}

#[test]
fn what_was_changed_is_not_opened() {
    let vault = keys(&key("a", 1));
    let sealed = vault.seal(HERE, &secret("secret")).unwrap();
    let body = "v1:a:".len();
    for at in body..sealed.len() {
        let mut changed = sealed.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(vault.open(HERE, &changed).is_err(), "{changed}");
    }
    for text in ["", "v1", "v1:a", "v1:a:", "v1:a:AAAA", "v1:a:?", "v2:a:AAAA", "secret"] {
        assert_eq!(vault.open(HERE, text).unwrap_err(), Fault::Damaged(HERE), "{text}");
    }
}

#[test]
fn the_first_key_seals_and_all_of_them_open() {
    let (old, both) = (keys(&key("old", 1)), keys(&format!("{},{}", key("new", 2), key("old", 1))));
    let sealed = old.seal(HERE, &secret("x")).unwrap();
    assert_eq!(both.open(HERE, &sealed).unwrap().expose_secret(), "x");
    assert!(old.is_current(&sealed) && !both.is_current(&sealed));
    let anew = both.seal(HERE, &secret("x")).unwrap();
    assert!(anew.starts_with("v1:new:") && both.is_current(&anew));
    let missing = old.open(HERE, &anew).unwrap_err();
    assert_eq!(missing, Fault::KeyMissing { place: HERE, key: "new".to_owned() });
    assert!(missing.to_string().contains("`new`"));
    // The id alone opens nothing.
    assert_eq!(keys(&key("old", 3)).open(HERE, &sealed).unwrap_err(), Fault::Damaged(HERE));
}

#[test]
fn a_closed_vault_says_so() {
    let vault = keys("# none yet\n\n");
    assert!(vault.is_closed());
    assert_eq!(vault.seal(HERE, &secret("x")), Err(Fault::Closed));
    assert_eq!(vault.open(HERE, "v1:a:AAAA").unwrap_err(), Fault::Closed);
    assert!(vault.fingerprints(&[b"x"]).is_empty());
}

#[test]
fn keys_are_told_apart_and_never_quoted() {
    let long = "k".repeat(33);
    for (text, fault) in [
        ("a".to_owned(), KeyFault::Form(1)),
        (":AAAA".to_owned(), KeyFault::Form(1)),
        ("a:AAAA".to_owned(), KeyFault::Form(1)),
        ("a:?".to_owned(), KeyFault::Form(1)),
        (key("a b", 1), KeyFault::Form(1)),
        (key(&long, 1), KeyFault::Form(1)),
        (format!("{}\n{}", key("a", 1), key("a", 2)), KeyFault::Twice(2)),
        (format!("{}\nx", key("a", 1)), KeyFault::Form(2)),
    ] {
        assert_eq!(Vault::parse(&secret(&text)).unwrap_err(), fault, "{text}");
        assert!(!fault.to_string().contains("AAAA"));
    }
    let vault = keys(&format!("# first\n {} , {}\n", key("a", 1), key("b-2", 2)));
    assert_eq!(vault.key_ids().collect::<Vec<_>>(), ["a", "b-2"]);
    assert_eq!(format!("{vault:?}"), "Vault");
}

#[test]
fn new_keys_are_keys_and_differ() {
    let new: Vec<_> = (0..50).map(|_| new_key().unwrap()).collect();
    let ids: std::collections::HashSet<_> =
        new.iter().map(|key| Vault::parse(key).unwrap().key_ids().next().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), new.len());
}

#[test]
fn fingerprints_depend_on_the_key_and_on_what_is_said() {
    let vault = keys(&format!("{},{}", key("new", 2), key("old", 1)));
    let said = vault.fingerprints(&[b"POST", b"body"]);
    assert_eq!(said.len(), 2);
    assert_ne!(said[0], said[1]);
    assert_eq!(said[1..], keys(&key("old", 1)).fingerprints(&[b"POST", b"body"]));
    assert_ne!(said, vault.fingerprints(&[b"POST", b"other"]));
}

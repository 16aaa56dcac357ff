//! Messages of Stripe: which are believed, and what they say.

use billing::instrument::SecretString;
use gateway::stripe::webhook::{Event, Kind, Rejected, read};

/// Signed by Python's `hmac` with the secret `whsec_test`, at the time 1700000000.
const BODY: &str = r#"{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","metadata":{"billfold_key":"k-1"}}}}"#;
const SIGNED: &str = "ffb3b5485104bd9140d81c5ca7cd317ccaceb58680434165c2f133fb35d4d491";
const REFUND: &str = r#"{"id":"evt_2","type":"charge.refunded","data":{"object":{"id":"ch_1","payment_intent":"pi_1","metadata":{"billfold_key":"k-1"}}}}"#;
const REFUND_SIGNED: &str = "1cb7fc3447cda4175d6c0c0903e69ff2d5b6a81dbebb277d7328595aea4ba804";
const OTHER: &str = r#"{"id":"evt_3","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#;
const OTHER_SIGNED: &str = "8a3dc251f0655c48b380c04fd0eb015a3d62f167415ccc9906386ec098be5b28";
const FOREIGN: &str =
    r#"{"id":"evt_4","type":"payment_intent.succeeded","data":{"object":{"id":"pi_2","metadata":{}}}}"#;
const FOREIGN_SIGNED: &str = "babd41c02966c6981f537ce91b4153c3d0a92a8751ba8ff7e27eb52e092fbc62";
const FAILED: &str = r#"{"id":"evt_5","type":"charge.failed","data":{"object":{"id":"py_1","payment_intent":"pi_1","metadata":{"billfold_key":"k-1"}}}}"#;
const FAILED_SIGNED: &str = "b0c6bd4566c5f7b3e928a1906f96542d3b55576a2d7c7a9b5c9dcd9f31cdcaa7";
const DISPUTE: &str = r#"{"id":"evt_6","type":"charge.dispute.closed","data":{"object":{"id":"du_1","payment_intent":"pi_1","status":"lost","metadata":{}}}}"#;
const DISPUTE_SIGNED: &str = "7034f786d7f2a52404540ee90f1b8c14f86f2651a742c33a0786dbff9a358787";
const NO_JSON: &str = "hello";
const NO_JSON_SIGNED: &str = "457c4d31b232d95fcd50f1d95021aaaffddd859d0ee8a206675e84ccc977431d";
const NOW: i64 = 1_700_000_000;

fn secret() -> SecretString {
    SecretString::from("whsec_test")
}

fn header(signature: &str) -> String {
    format!("t={NOW},v1={signature}")
}

#[test]
fn a_signed_message_names_the_charge() {
    let event = |id: &str, kind| {
        Some(Event { id: id.to_owned(), kind, key: Some("k-1".to_owned()), transaction: "pi_1".to_owned() })
    };
    for (body, signature, expected) in [
        (BODY, SIGNED, Ok(event("evt_1", Kind::Charged))),
        (REFUND, REFUND_SIGNED, Ok(event("evt_2", Kind::Refunded))),
        (FAILED, FAILED_SIGNED, Ok(event("evt_5", Kind::Failed))),
        (DISPUTE, DISPUTE_SIGNED, Ok(event("evt_6", Kind::Disputed).map(|event| Event { key: None, ..event }))),
        (OTHER, OTHER_SIGNED, Ok(None)),
        (FOREIGN, FOREIGN_SIGNED, Ok(None)),
        (NO_JSON, NO_JSON_SIGNED, Err(Rejected::Unreadable)),
    ] {
        assert_eq!(read(body.as_bytes(), &header(signature), &secret(), NOW), expected, "{body}");
    }
}

#[test]
fn only_stripe_and_only_lately_is_believed() {
    let changed = BODY.replace("k-1", "k-2");
    for (body, header, secret, now, expected) in [
        (changed.as_str(), header(SIGNED), "whsec_test", NOW, Rejected::Forged),
        (BODY, header(SIGNED), "whsec_other", NOW, Rejected::Forged),
        (BODY, header(OTHER_SIGNED), "whsec_test", NOW, Rejected::Forged),
        (BODY, format!("t={},v1={SIGNED}", NOW + 1), "whsec_test", NOW, Rejected::Forged),
        (BODY, header(&SIGNED[..62]), "whsec_test", NOW, Rejected::Forged),
        (BODY, header(SIGNED), "whsec_test", NOW + 301, Rejected::Stale),
        (BODY, header(SIGNED), "whsec_test", NOW - 301, Rejected::Stale),
        (BODY, String::new(), "whsec_test", NOW, Rejected::Malformed),
        (BODY, format!("t={NOW}"), "whsec_test", NOW, Rejected::Malformed),
        (BODY, format!("v1={SIGNED}"), "whsec_test", NOW, Rejected::Malformed),
        (BODY, format!("t=soon,v1={SIGNED}"), "whsec_test", NOW, Rejected::Malformed),
        (BODY, format!("t={NOW},v1=not hexadecimal"), "whsec_test", NOW, Rejected::Malformed),
        (BODY, format!("t={NOW},v0={SIGNED}"), "whsec_test", NOW, Rejected::Malformed),
    ] {
        let rejected = read(body.as_bytes(), &header, &SecretString::from(secret), now);
        assert_eq!(rejected, Err(expected), "{header} {secret} {now}");
    }
}

#[test]
fn while_a_secret_is_replaced_either_signature_will_do() {
    let both = format!("t={NOW}, v1={OTHER_SIGNED}, v1={SIGNED}, v0=old");
    let event = read(BODY.as_bytes(), &both, &secret(), NOW + 300);
    assert!(matches!(event, Ok(Some(_))), "{event:?}");
}

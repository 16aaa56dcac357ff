//! What every call keeps: an effect and its answer, or neither.

use app::{Answer, Error, Idempotency, Tx, accounts, gl_codes};
use billing::{
    account::Session,
    gl_code::{GlCodeFields, GlCodeStatus},
};

use crate::shop::{KEY, each_shop};

#[tokio::test]
async fn what_cannot_be_answered_has_no_effect_and_leaves_its_key_free() {
    each_shop(async |shop| {
        let caller = shop.app.authenticate(vec!["no key".to_owned(), accounts::key::hash(KEY)]).await.unwrap();
        let fields = GlCodeFields { code: "4000".to_owned(), name: "Sales".to_owned(), status: GlCodeStatus::Active };
        let key = Idempotency { key: "once".to_owned(), request_hash: "hash".to_owned(), former_hashes: Vec::new() };
        for idempotency in [None, Some(key)] {
            let fields = GlCodeFields { code: format!("4000-{}", idempotency.is_some()), ..fields.clone() };
            let run = move |tx: &mut Tx<'_>, session: &Session| gl_codes::create::run(tx, session, &fields);
            let unwritable = |_: &Session, _| Err(Error::defect("no JSON"));
            let refused = shop.app.command(&caller, idempotency.clone(), run.clone(), unwritable).await;
            assert_eq!(refused.unwrap_err().to_string(), "no JSON");
            let written = |_: &Session, _| Ok(Answer::new(200, "made".to_owned()));
            let answer = shop.app.command(&caller, idempotency, run, written).await.unwrap();
            assert_eq!(answer, Answer::new(200, "made".to_owned()));
        }
    })
    .await;
}

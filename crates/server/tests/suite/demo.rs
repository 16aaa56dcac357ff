//! `billfold demo` on a port that somebody else has.

use std::{net::TcpListener, process::Command};

use crate::process::PROGRAM;

#[test]
fn an_address_that_was_asked_for_is_never_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Command::new(PROGRAM).args(["demo", "--exit", "--listen", &address]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with(&format!("billfold: cannot listen on {address}: ")), "{told}");
    assert!(told.contains("`--listen` or BILLFOLD_LISTEN says where to listen"), "{told}");
}

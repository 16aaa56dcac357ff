//! A sale from the catalogue to the books, told over the API with the clock in hand.

use ledger::{LedgerAccount, Side};
use money::Amount;
use serde_json::{Value, json};
use testkit::{Client, TestServer, each_server};


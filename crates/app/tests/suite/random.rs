//! Random operations of several clients at once, and a model of the books that was written from the reference alone: after
//! every round the database must look as the model says, whoever was served first.

mod draw;
mod model;
mod operation;
mod seed;
mod seen;

use std::collections::BTreeMap;

use app::Tx;
use billing::{
    account::Session,
    id::{CustomerId, ProductId},
};
use tokio::task::JoinSet;

use self::{
    model::{Customer, Now, view::View},
    operation::{Made, Operation},
    seed::{SEED_VARIABLE, Seed, operation_count},
    seen::Posted,
};
use crate::shop::Shop;
use testkit::{Dice, TestDatabase, each_database};

/// Clients that act at the same time.
const CLIENT_COUNT_MAX: u64 = 4;
/// Customers that anything happens to, so that clients meet.
const CUSTOMER_COUNT: usize = 4;
/// After so many rounds the oldest of them is left alone, and another one comes.
const ROUND_COUNT_OF_A_CUSTOMER: usize = 60;
/// In so many rounds what is refused is shown to change nothing at all.
const ROUND_COUNT_COMPARED: usize = 300;
const SECOND_MS: i64 = 1_000;

#[tokio::test]
async fn the_books_are_what_an_independent_model_says_after_random_operations() {
    let seed = Seed::asked();
    each_database(store::MIGRATIONS, async |database| {
        let mut run = Run::begin(database, seed.clone()).await;
        let mut left = operation_count();
        while left > 0 {
            left -= run.round(left).await;
        }
        run.end().await;
    })
    .await;
}

/// A run under way.
struct Run {
    shop: Shop,
    products: [ProductId; 2],
    dice: Dice,
    seed: Seed,
    round: usize,
    customers: Vec<Customer>,
    /// What was read of the ledgers of those that anything happens to.
    posted: BTreeMap<CustomerId, Posted>,
}

impl Run {
    async fn begin(database: &TestDatabase, seed: Seed) -> Self {
        println!("{SEED_VARIABLE}={} on {:?}", seed.dice, database.db.backend());
        let shop = Shop::open(database).await;
        shop.tax("9.975").await;
        shop.add_gateway().await;
        let products = [shop.service("SERVICE").await, shop.product("GOOD", "0.37").await];
        let dice = Dice::new(seed.dice);
        Self { shop, products, dice, seed, round: 0, customers: Vec::new(), posted: BTreeMap::new() }
    }

    /// Time passes, and a few clients act at once; how many they were.
    async fn round(&mut self, left: usize) -> usize {
        if self.customers.len() < CUSTOMER_COUNT || self.round.is_multiple_of(ROUND_COUNT_OF_A_CUSTOMER) {
            self.welcome().await;
        }
        self.pass_time().await;
        let count = usize::try_from(self.dice.below(CLIENT_COUNT_MAX) + 1).expect("few").min(left);
        let operations: Vec<Operation> = (0..count).map(|_| self.draw()).collect();
        let before = if self.is_to_be_refused(&operations) { Some(self.shop.contents().await) } else { None };
        let outcomes = self.serve(&operations).await;
        if let Some(before) = before {
            self.shop.contents().await.assert_same(&before, &self.replay());
        }
        let mut served: Vec<Vec<usize>> = Vec::new();
        for place in self.customers.len().saturating_sub(CUSTOMER_COUNT)..self.customers.len() {
            let customer = self.customers[place].id;
            let seen = self.seen(customer).await;
            let clients: Vec<usize> = (0..count).filter(|client| operations[*client].customer() == customer).collect();
            let (order, next) = self.explain(place, &clients, &operations, &outcomes, &seen);
            self.customers[place] = next;
            served.push(order);
        }
        if !served.iter().all(|order| order.is_sorted()) {
            self.seed.note(self.round, served.concat());
        }
        self.round += 1;
        count
    }

    /// Another customer; every second one pays tax.
    async fn welcome(&mut self) {
        let is_taxed = self.customers.len() % 2 == 1;
        let id = if is_taxed { self.shop.taxed_customer().await } else { self.shop.customer().await };
        self.customers.push(Customer::new(id, is_taxed));
    }

    /// A second, or some days, after which it is seen where everybody stands; revenue is earned then, or later.
    async fn pass_time(&mut self) {
        self.shop.clock.advance_millis(SECOND_MS);
        if !self.dice.one_in(5) {
            return;
        }
        self.shop.clock.advance_days(self.dice.pick(&[1, 1, 7, 20, 31, 100]));
        self.shop.midnight().await;
        let now = self.now();
        self.customers.iter_mut().for_each(|customer| customer.pass_midnight(now));
        if !self.dice.one_in(3) {
            self.shop.earn().await;
            self.customers.iter_mut().for_each(|customer| customer.earn(now));
        }
    }

    fn draw(&mut self) -> Operation {
        let first = self.customers.len().saturating_sub(CUSTOMER_COUNT);
        let newest = &self.customers[first..];
        let of = draw::index(&mut self.dice, newest.len());
        draw::operation(&mut self.dice, newest, &newest[of])
    }

    /// Whether all of it is a single operation to which a rule must say no. Later in a long run there is too much to compare.
    fn is_to_be_refused(&self, operations: &[Operation]) -> bool {
        let [operation] = operations else { return false };
        if matches!(operation, Operation::Buy { .. }) {
            // A card that is refused leaves its attempt.
            return false;
        }
        let customer = self.customers.iter().find(|customer| customer.id == operation.customer());
        let after = customer.map(|customer| customer.after(operation, &Made::default(), self.now()));
        self.round < ROUND_COUNT_COMPARED && after.is_some_and(|after| after.is_err())
    }

    /// Lets the clients act at once or, in a replay, one after the other. Those who were refused are told why.
    async fn serve(&self, operations: &[Operation]) -> Vec<Result<Made, String>> {
        let run =
            |client: usize| operations[client].clone().run(self.shop.app.clone(), self.shop.account, self.products);
        let mut outcomes = vec![Err(String::new()); operations.len()];
        if let Some(order) = self.seed.order(self.round, operations.len()) {
            for client in order {
                outcomes[client] = run(client).await;
            }
            return outcomes;
        }
        let mut clients = JoinSet::new();
        for client in 0..operations.len() {
            let run = run(client);
            clients.spawn(async move { (client, run.await) });
        }
        while let Some(ended) = clients.join_next().await {
            let (client, outcome) = ended.unwrap_or_else(|error| panic!("{}: {error}", self.replay()));
            outcomes[client] = outcome;
        }
        outcomes
    }

    /// The order in which the clients of a customer must have been served, and the customer after it.
    fn explain(
        &self,
        place: usize,
        clients: &[usize],
        operations: &[Operation],
        outcomes: &[Result<Made, String>],
        seen: &View,
    ) -> (Vec<usize>, Customer) {
        let (before, now) = (&self.customers[place], self.now());
        let mut told = vec![self.replay()];
        for client in clients {
            told.push(format!("{client} asked for {:?}: {:?}", operations[*client], outcomes[*client]));
        }
        for order in orders(clients) {
            let next = order.iter().try_fold(before.clone(), |customer, client| {
                let made = outcomes[*client].clone();
                match (customer.after(&operations[*client], &made.clone().unwrap_or_default(), now), made) {
                    (Ok(next), Ok(_)) => Ok(next),
                    (Err(_), Err(_)) => Ok(customer),
                    (Ok(_), Err(_)) | (Err(_), Ok(_)) => Err(*client),
                }
            });
            match next.map(|customer| (customer.view(), customer)) {
                Ok((view, customer)) if view == *seen => return (order, customer),
                Ok((view, _)) => {
                    let (must, is) = (view.without(seen), seen.without(&view));
                    told.push(format!("served as {order:?} there must be {must:#?} and there is {is:#?}"));
                }
                Err(client) => told.push(format!("served as {order:?} the answer to {client} is another")),
            }
        }
        panic!("{}", told.join("\n"));
    }

    async fn seen(&mut self, customer: CustomerId) -> View {
        let posted = self.posted.remove(&customer).unwrap_or_default();
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            let mut posted = posted.clone();
            Ok((View::read(tx, session.account.id, customer, &mut posted)?, posted))
        };
        let (view, posted) = self.shop.act(read).await.unwrap();
        self.posted.insert(customer, posted);
        view
    }

    /// Once everything is done the whole agrees as its parts do, and a stranger has nothing to object to.
    async fn end(self) {
        let mut held: BTreeMap<String, i64> = BTreeMap::new();
        for (account, amount) in self.customers.iter().flat_map(|customer| customer.chart.held()) {
            *held.entry(account).or_default() += amount;
        }
        held.retain(|_, amount| *amount != 0);
        let ours = self.shop.holdings().await.into_iter();
        let ours: BTreeMap<_, _> = ours.map(|((account, _), held)| (account, held.millionths() / 10_000)).collect();
        assert_eq!(ours, held, "{}", self.replay());
        let objections = self.shop.objections().await;
        assert!(objections.is_empty(), "{}\n{objections:#?}", self.replay());
    }

    fn now(&self) -> Now {
        Now(self.shop.app.now().millis())
    }

    /// How to come here again.
    fn replay(&self) -> String {
        format!("{SEED_VARIABLE}={} replays this on {:?}", self.seed.at(self.round), self.shop.app.db().backend())
    }
}

/// Every order of the clients, the one in which they were drawn first.
fn orders(clients: &[usize]) -> Vec<Vec<usize>> {
    if clients.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (place, first) in clients.iter().enumerate() {
        let others = [&clients[..place], &clients[place + 1..]].concat();
        all.extend(orders(&others).into_iter().map(|rest| [&[*first], &rest[..]].concat()));
    }
    all
}

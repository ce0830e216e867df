// Panics, with a message that says where: the message is on stderr, and the run ends in a trap (exit code 134).
#[derive(Debug)]
struct Account {
    owner: &'static str,
    cents: u64,
}

impl Account {
    fn withdraw(&mut self, cents: u64) {
        self.cents = self.cents.checked_sub(cents).unwrap_or_else(|| panic!("{self:?} has no {cents} cents"));
    }
}

fn main() {
    let mut account = Account { owner: "Ferris", cents: 1000 };
    for amount in [300, 500, 700] {
        account.withdraw(amount);
        println!("{} withdrew {amount}, {} left", account.owner, account.cents);
    }
}

// Sorting numbers and records: std's sorts and two written by hand must agree: sort [HOW_MANY]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Person {
    family: String,
    given: String,
    age: u8,
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 { self.next() % limit }
}

fn quicksort<T: Ord>(items: &mut [T]) {
    if items.len() <= 1 {
        return;
    }
    items.swap(0, items.len() / 2);
    let mut store = 0;
    for i in 1..items.len() {
        if items[i] < items[0] {
            store += 1;
            items.swap(i, store);
        }
    }
    items.swap(0, store);
    let (left, right) = items.split_at_mut(store);
    quicksort(left);
    quicksort(&mut right[1..]);
}

fn merge_sort<T: Ord + Clone>(items: &[T]) -> Vec<T> {
    if items.len() <= 1 {
        return items.to_vec();
    }
    let (left, right) = items.split_at(items.len() / 2);
    let (left, right) = (merge_sort(left), merge_sort(right));
    let mut merged = Vec::with_capacity(items.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if right[j] < left[i] {
            merged.push(right[j].clone());
            j += 1;
        } else {
            merged.push(left[i].clone());
            i += 1;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    merged
}

fn main() {
    let count: usize = std::env::args().nth(1).map_or(500_000, |n| n.parse().expect("HOW_MANY is a number"));
    let mut random = Random(88172645463325252);
    let numbers: Vec<u64> = (0..count).map(|_| random.next()).collect();

    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let mut quick = numbers.clone();
    quicksort(&mut quick);
    assert_eq!(quick, sorted);
    assert_eq!(merge_sort(&numbers), sorted);
    println!("{count} numbers from {} to {}, median {}", sorted[0], sorted[count - 1], sorted[count / 2]);

    let names = ["Ada", "Alan", "Barbara", "Donald", "Edsger", "Grace", "John", "Niklaus", "Robin", "Tony"];
    let families = ["Backus", "Dijkstra", "Hoare", "Hopper", "Knuth", "Liskov", "Lovelace", "Milner", "Turing", "Wirth"];
    let mut people: Vec<Person> = (0..1000)
        .map(|_| Person {
            family: families[random.below(10) as usize].to_string(),
            given: names[random.below(10) as usize].to_string(),
            age: random.below(80) as u8 + 18,
        })
        .collect();
    let by_hand = merge_sort(&people);
    people.sort();
    assert_eq!(people, by_hand);
    people.sort_by_key(|person| std::cmp::Reverse(person.age)); // stable: names stay in order
    for person in &people[..10] {
        println!("{:3} {}, {}", person.age, person.family, person.given);
    }
}

fn main() {
    let table: Vec<u8> = (0..16).map(|i| (i * i % 31) as u8).collect();
    let codes: Vec<u8> = (0..200u32).map(|i| (i * 7 % 256) as u8).collect();
    println!("sum {}", vecdist::dist_table_sum(table[..].try_into().unwrap(), &codes));
}

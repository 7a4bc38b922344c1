/**
 * The most common passwords that satisfy the rules of each preset, from published lists of leaked passwords and from
 * the usual variations of a listed word: at least a hundred of each.
 */
import type { PasswordPreset } from '../../../src/domain/passwords/policy.ts';

export const wellKnownPasswords: Readonly<Record<PasswordPreset, readonly string[]>> = {
  classic: listOf(`
    Password1!  Password123!  P@ssw0rd  P@ssw0rd!  P@ssw0rd1  P@ssw0rd123  P@ssw0rd123!  Passw0rd!
    Passw0rd1!  Pa$$w0rd  Pa$$w0rd1  Pa$$w0rd!  Welcome1!  Welcome123!  Welcome@123  Welcome2024!  W3lcome!
    Qwerty123!  Qwerty1!  Qwerty@123  Qwertyuiop1!  Admin123!  Admin@123  Admin1234!  Administrator1!
    Summer2026!  Summer2025!  Summer123!  Winter2025!  Winter2024!  Spring2025!  Autumn2024!  Fall2024!
    Letmein1!  Letmein123!  L3tm31n!  Abc123!@#  Abc@1234  Abc123456!  Abcd1234!  Abcd@1234  Changeme1!
    Changeme123!  Aa123456!  Aa@123456  Aa12345678!  Monkey123!  Monkey1!  Dragon123!  Dragon1!  Iloveyou1!
    ILoveYou123!  Football1!  Baseball1!  Sunshine1!  Princess1!  Master123!  Superman1!  Batman123!
    Shadow123!  Michael1!  Jordan23!  Trustno1!  Hello123!  Hello@123  Login123!  Secret123!  Secret1!
    Test1234!  Test@123  Testing123!  Temp1234!  Temp123!  Default1!  Guest123!  User1234!  Root123!
    Root@123  Access14!  Pass1234!  Pass@123  Pass@word1  P@55w0rd  P4ssw0rd!  1qaz@WSX  1qaz!QAZ  !QAZ2wsx
    Zaq12wsx!  Zaq1@wsx  Q1w2e3r4!  Asdf1234!  Asdfgh123!  Zxcvbnm1!  Qazwsx123!  January2025!  Monday123!
    Company123!  Charlie1!  Ashley123!  Jesus123!  Loveme1!  Whatever1!  Starwars1!  Liverpool1!  Chelsea123!
    Pokemon123!  Computer1!  Internet1!  Samsung1!  Google123!  123456Aa!  12345Qwert!  1Password!
    !Password1  2025Summer!  Password!!!1  PASSWORD1a!  Passwort1!  Hallo123!  Schatz123!  Abcdef1!
    Abc12345!  Qwer1234!  Asd123!@#  123456789Aa!  Password2020!  Aaaaaaa1!  Abcabc123!  Asdasd123!
  `),
  passphrase: listOf(`
    Password123!  Password1234!  Password12345!  P@ssw0rd1234  P@ssw0rd123!  P@ssw0rd2024!  Welcome12345!
    Welcome@1234  Welcome@2024  Qwerty123456!  Qwertyuiop1!  Qwertyuiop123!  Administrator1!
    Administrator123!  Admin@123456  Admin1234567!  Iloveyou123!  Iloveyou1234!  Changeme123!  Changeme1234!
    Letmein12345!  Summer@20256!  Summer12345!  September2025!  Abcd1234!@#$  Abc123456789!  Aa123456789!
    Football123!  Baseball123!  Sunshine123!  Princess123!  Superman123!  Passw0rd1234!  Password@123
    Password@1234  Password!123  Password!2024  1qaz2wsx3edC!  1qaz@WSX3edc  !QAZ2wsx#EDC  1Qaz2wsx!QAZ@WSX
    Zaq12wsxcde3!  Q1w2e3r4t5y6!  Asdfghjkl123!  Asdf1234!@#$  PasswordPassword1!  Password1Password1!
    Trustno1234!  Mypassword1!  Mypassword123!  Thisisapassword1!  passwordpasswordpassword
    iloveyouiloveyouiloveyou  12345678901234567890  qwertyuiopasdfghjklz  
    abcdefghijklmnopqrstuvwxyz  aaaaaaaaaaaaaaaaaaaa  11111111111111111111  abcabcabcabcabcabcabc
    Password12!@  Password#1234  Password$2025  P@$$w0rd1234  P@$$w0rd2025  Passw0rd@123  Passw0rd@2024
    Welcome123456!  Welcome!2345  Welcome#1234  W3lcome@1234  Qwerty@12345  Qwerty!23456  Qwerty2024!!
    Qwertz123456!  Admin@2024!!  Admin!234567  Adm1nistrator!  Summer2025!!  Summer@2025!  Winter2024!!
    Winter@2024!  Spring2026!!  Autumn@2025!  January@2025  February2025!  Monday@12345  Changeme@123
    Changeme@2024  ChangeMe2025!  Letmein@1234  Letmein2024!  Trustno1@123  Iloveyou@123  Iloveyou2024!
    Football@123  Football2024!  Baseball2025!  Princess2024!  Sunshine@123  Superman@123  Starwars123!
    Starwars@2024  Liverpool123!  Liverpool2024!  Manchester1!  Computer123!  Computer@123  Internet123!
    Michael@1234  Jennifer123!  Jennifer@123  Charlie12345!  Passwort123!  Passwort2024!  Dragon123456!
    Dragon@12345  Monkey@12345  Master@12345  Shadow@12345  Asdfghjkl1234!  Zxcvbnm1234!
  `),
  nist: listOf(`
    passwordpassword  password1234567  password12345678  123456789012345  1234567890123456  111111111111111
    000000000000000  aaaaaaaaaaaaaaa  abcdefghijklmno  abcdefghijklmnop  qwertyuiopasdfg  qwertyuiopasdfgh
    qwertyuiop12345  qwertyuiop[]asd  asdfghjklzxcvbnm  iloveyouiloveyou  letmeinletmein1  qwertyqwertyqwerty
    1qaz2wsx3edc4rfv  1q2w3e4r5t6y7u8i  q1w2e3r4t5y6u7i8    zyxwvutsrqponmlk
    987654321098765  098765432109876  passw0rdpassw0rd  P@ssw0rdP@ssw0rd  abcabcabcabcabc  123123123123123
    121212121212121  asdfasdfasdfasdf  administrator123  administrator2024  testtesttesttest
    thequickbrownfox  poiuytrewqlkjhgf  mnbvcxzlkjhgfdsa  password-password  adminadminadmin1
    welcomewelcome1  qwerty123qwerty123  changemechangeme  secretsecretsecret  monkeymonkeymonkey
    dragondragondragon  112233445566778  123456123456123  123456789123456789  123456789qwerty
    qwerty123456789  qwertyuiop123456  1234567890qwerty  aaaaaaaaaaaaaaab  sunshinesunshine  footballfootball
    princessprincess  superman12345678  password password password  passwordpassword1  Password1Password1
    password123password123  passwort12345678  passwortpasswort  passwort1234567  letmeinletmeinletmein
    welcome12345678  welcome123456789  welcomewelcome123  qwerty1234567890  qwertyuiop123456789
    qwertyqwerty123  qazwsxedcrfvtgb  qazwsxedcrfvtgbyhn  zaq12wsxcde34rfv  1qaz2wsx3edc4rf  1qaz1qaz1qaz1qaz
    iloveyou12345678  iloveyou123456789  sunshine12345678  sunshine123456789  princess12345678
    football12345678  baseball12345678  baseballbaseball  superman123456789  supermansuperman
    starwars12345678  starwarsstarwars  computer12345678  computercomputer  michael12345678  michaelmichael1
    jennifer12345678  jenniferjennifer  charlie123456789  liverpool1234567  liverpoolliverpool
    trustno1trustno1  trustno112345678  administrator1234  changeme12345678  changeme123456789
    1111111111111111  2222222222222222  123321123321123  123123123123123123  000000000000000000
    aaaaaaaaaaaaaaaa  zzzzzzzzzzzzzzz  abcdabcdabcdabcd  abcd1234abcd1234  asdf1234asdf1234  asdfghjkl123456
    asdfghjkl;12345  zxcvbnm123456789  zxcvbnmasdfghjkl  qwerasdfzxcv1234  thisismypassword
    this is my password  
  `),
};

/** Two spaces separate the passwords, because one can be part of a password. */
function listOf(text: string): string[] {
  return text.trim().split(/\s{2,}/);
}

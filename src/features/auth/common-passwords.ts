/**
 * The passwords of eight characters and more that lists of leaked ones have most often, and what people try when those
 * are refused. Every guesser begins with them. In lower case.
 */
const COMMON = new Set(
  `
  12345678 123456789 1234567890 12345678910 123123123 987654321 9876543210 11111111 00000000 22222222 88888888 99999999
  12341234 11223344 1122334455 123454321 12344321 87654321 147258369 123321123 741852963 159753456 10203040 55555555
  66666666 77777777 12121212 123456123 0123456789 01234567 password password1 password2 password12 password123
  password1234 passw0rd p@ssword p@ssw0rd pass1234 pass12345 password! password1! passwort passwort1 kennwort
  passphrase mypassword newpassword yourpassword thepassword password01 password11 password99 qwertyui qwertyuiop
  qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyuiop123 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4
  q1w2e3r4t5 1qaz2wsx 1qaz2wsx3edc zaq12wsx zaq1zaq1 qazwsxedc qazwsx123 1qazxsw2 asdfghjk asdfghjkl asdf1234
  zxcvbnm1 zxcvbnm123 asdasdasd qweqweqwe qweasdzxc qwe123qwe asd123asd abcd1234 abc12345 abcdefgh abcdefghi abcdef12
  abcabcabc abc123abc abc123456 a1b2c3d4 a1b2c3d4e5 a1234567 a12345678 a123456789 aa123456 aa12345678 iloveyou iloveyou1
  iloveyou2 loveyou1 iloveme1 lovelove sunshine sunshine1 princess princess1 football football1 baseball baseball1
  basketball superman superman1 batman123 spiderman starwars starwars1 trustno1 whatever whatever1 welcome1 welcome123
  welcome12 letmein1 letmein123 letmeinn master123 mastermind computer computer1 internet internet1 michelle jennifer
  jessica1 charlie1 danielle victoria elizabeth samantha benjamin alexander alexandra jonathan nicholas patricia
  michael1 jordan23 chelsea1 liverpool liverpool1 arsenal1 barcelona realmadrid juventus manchester corvette mercedes
  maverick midnight mountain butterfly chocolate strawberry blueberry pokemon1 minecraft dragon123 monkey123 shadow123
  freedom1 blink182 metallica slipknot eminem123 changeme changeme1 changeme123 changethis default1 administrator
  admin123 admin1234 admin12345 adminadmin root1234 rootroot toor1234 test1234 testtest test12345 testing123 guest123
  guestguest user1234 useruser demo1234 demodemo temp1234 secret123 secretsecret god12345 jesus123 jesuschrist letmein!
  azertyuiop azerty123 motdepasse hallo123 schatz123 ichliebedich lol12345 killer123 hunter123 hunter22 qwertz123
  qwertzuiop 1g2w3e4r gfhjkm123 samsung1 google123 facebook facebook1 linkedin whatsapp telegram messenger messenger1
  aaaaaaaa bbbbbbbb xxxxxxxx zzzzzzzz asdfasdf hejhej123 hello123 hello1234 hellohello helloworld goodluck babygirl
  babygirl1 anthony1 brandon1 andrew123 thomas123 robert123 daniel123 summer2024 summer2025 summer2026 winter2024
  winter2025 winter2026 spring2025 spring2026 autumn2025 autumn2026
  `
    .trim()
    .split(/\s+/),
);

/** Whether guessers try the password first: a common one, or the account's own name. Case does not matter. */
export function isGuessable(password: string, account: { readonly username: string; readonly email: string }): boolean {
  const plain = password.normalize('NFC').toLowerCase();
  const [localPart = ''] = account.email.toLowerCase().split('@');
  return COMMON.has(plain) || [account.username.toLowerCase(), account.email.toLowerCase(), localPart].includes(plain);
}

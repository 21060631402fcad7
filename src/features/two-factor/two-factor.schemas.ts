import { Type, type Static } from '@sinclair/typebox';
import { SecondFactorCode } from '../../second-factor/index.js';
import { SmallInteger } from '../../shared/schema.js';
import { EXAMPLE_PASSWORD, Password } from '../auth/index.js';
import { AccessToken } from '../sessions/index.js';

const EXAMPLE_CODE = '492039';
const EXAMPLE_CODES = ['7k2m-xq9d-4hnc-w8tz', 'p3va-6ryj-e5gu-2bsf'];
const EXAMPLE_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

export const BeginTwoFactor = Type.Object(
  { password: Password },
  { $id: 'BeginTwoFactor', additionalProperties: false, examples: [{ password: EXAMPLE_PASSWORD }] },
);

export const ConfirmTwoFactor = Type.Object(
  { code: SecondFactorCode },
  { $id: 'ConfirmTwoFactor', additionalProperties: false, examples: [{ code: EXAMPLE_CODE }] },
);

export const ProveTwoFactor = Type.Object(
  { password: Password, code: SecondFactorCode },
  {
    $id: 'ProveTwoFactor',
    additionalProperties: false,
    examples: [{ password: EXAMPLE_PASSWORD, code: EXAMPLE_CODE }],
  },
);
export type ProveTwoFactor = Static<typeof ProveTwoFactor>;

export const TwoFactorState = Type.Object(
  {
    on: Type.Boolean({ description: 'Whether a login also needs a code.' }),
    recovery_codes_left: SmallInteger({ description: 'How many recovery codes have not been used.' }),
  },
  {
    $id: 'TwoFactorState',
    description: 'How the account is protected.',
    examples: [{ on: true, recovery_codes_left: 10 }],
  },
);
export type TwoFactorState = Static<typeof TwoFactorState>;

export const TwoFactorSetup = Type.Object(
  {
    secret: Type.String({ description: 'What an app for codes takes where there is no camera, in Base32.' }),
    uri: Type.String({ description: 'The same as an `otpauth://` address, which opens such an app.' }),
    qr_code: Type.String({ description: 'The same as a picture to scan: a `data:` URL of a PNG.' }),
  },
  {
    $id: 'TwoFactorSetup',
    description: 'What makes the codes. It is shown once.',
    examples: [
      {
        secret: EXAMPLE_SECRET,
        uri:
          `otpauth://totp/Messenger:ada?issuer=Messenger&secret=${EXAMPLE_SECRET}` +
          '&algorithm=SHA1&digits=6&period=30',
        qr_code:
          'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4AWNgAAAAAgABc3UBGAAAAABJRU5ErkJggg==',
      },
    ],
  },
);
export type TwoFactorSetup = Static<typeof TwoFactorSetup>;

const recoveryCodes = Type.Array(Type.String(), {
  description: 'Ten codes that stand in for those of the app, each once. They are shown only here.',
});

export const RecoveryCodes = Type.Object(
  { recovery_codes: recoveryCodes },
  { $id: 'RecoveryCodes', description: 'All that are good now.', examples: [{ recovery_codes: EXAMPLE_CODES }] },
);
export type RecoveryCodes = Static<typeof RecoveryCodes>;

const { access_token, token_type } = AccessToken.properties;

export const TwoFactorConfirmed = Type.Object(
  { recovery_codes: recoveryCodes, access_token, token_type },
  {
    $id: 'TwoFactorConfirmed',
    description: 'The recovery codes, and an access token in place of that of the request.',
    examples: [{ recovery_codes: EXAMPLE_CODES, ...(AccessToken.examples as [object])[0] }],
  },
);

export const twoFactorModels = [
  BeginTwoFactor,
  ConfirmTwoFactor,
  ProveTwoFactor,
  TwoFactorState,
  TwoFactorSetup,
  RecoveryCodes,
  TwoFactorConfirmed,
];

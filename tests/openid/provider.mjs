// A certified OpenID provider on loopback, for test_openid_provider.py: it prints its issuer, and a line "rotate" on
// its input gives it new keys. The resource asked for names the algorithm that its tokens are signed with.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import Provider from "oidc-provider";

const [, , clientsText, audience] = process.argv;
const clients = JSON.parse(clientsText);
const KINDS = {
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
};

function key(alg) {
  return { ...KINDS[alg]().privateKey.export({ format: "jwk" }), alg, use: "sig", kid: randomUUID() };
}

function provider(issuer) {
  return new Provider(issuer, {
    clients: clients.map(({ claims, ...client }) => ({
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      ...client,
    })),
    jwks: { keys: Object.keys(KINDS).map(key) },
    scopes: [],
    enabledJWA: { clientAuthSigningAlgValues: ["ES256", "PS256", "RS256"] },
    extraTokenClaims: (ctx, token) => clients.find((one) => one.client_id === token.clientId)?.claims,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (ctx, resource) => ({
          scope: "system/*.cruds system/CarePlan.rs",
          audience: resource.startsWith(audience) ? audience : resource,
          accessTokenTTL: 300,
          accessTokenFormat: resource.endsWith("/opaque") ? "opaque" : "jwt",
          jwt: { sign: { alg: new URL(resource).pathname.slice(1) } },
        }),
      },
    },
  });
}

let handle;
const server = createServer((request, response) => handle(request, response));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  handle = provider(issuer).callback();
  console.log(issuer);
  createInterface({ input: process.stdin }).on("line", () => {
    handle = provider(issuer).callback();
    console.log("rotated");
  }).on("close", () => process.exit(0));
});

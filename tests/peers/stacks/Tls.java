import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code java Tls.java DIR}: Java's JSSE, on both ends.
 *
 * <p>DIR holds ca.pem server.pem server.key client.pem client.key, made for localhost, 127.0.0.1 and ::1.
 * One line {@code ok …} or {@code FAIL …} a check; exit 1 if any failed. Only the JDK.
 */
public final class Tls {
    private static final String AS_CLIENT = "does not permit use for TLS client authentication";
    private static final String AS_SERVER = "does not permit use for TLS server authentication";

    /** Who serves, who connects (null without a certificate), who refuses (null for nobody), and why. */
    private record Check(
            String what, String serving, String connecting, String name, String refuser, String reason) {}

    private static final List<Check> CHECKS = List.of(
            new Check("client.pem is let in, by localhost", "server", "client", "localhost", null, null),
            new Check("client.pem is let in, by 127.0.0.1", "server", "client", "127.0.0.1", null, null),
            new Check("client.pem is let in, by ::1", "server", "client", "::1", null, null),
            new Check("a client without a certificate is refused", "server", null, "localhost",
                    "server", "Empty client certificate chain"),
            new Check("server.pem as a client is refused", "server", "server", "localhost", "server", AS_CLIENT),
            new Check("a wrong name is refused", "server", "client", "wrong.example",
                    "client", "No subject alternative DNS name matching wrong.example"),
            new Check("client.pem as a server is refused", "client", "client", "localhost", "client", AS_SERVER));

    /** What went wrong at each end, null where nothing did. */
    private record Errors(Exception server, Exception client) {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: Tls.java DIR");
            System.exit(2);
        }
        Path directory = Path.of(arguments[0]);
        boolean failed = false;
        for (Check check : CHECKS) {
            String wrong = judge(exchange(directory, check), check);
            failed |= wrong != null;
            System.out.println(wrong == null
                    ? "ok java: " + check.what()
                    : "FAIL java: " + check.what() + ": " + wrong);
        }
        System.exit(failed ? 1 : 0);
    }

    private static Errors exchange(Path directory, Check check) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            listener.setSoTimeout(5000);
            CompletableFuture<Exception> served =
                    CompletableFuture.supplyAsync(() -> serve(directory, check.serving(), listener));
            Exception client = connect(directory, check.connecting(), check.name(), listener.getLocalPort());
            return new Errors(served.get(), client);
        }
    }

    private static Exception serve(Path directory, String pair, ServerSocket listener) {
        try (Socket plain = listener.accept();
                SSLSocket end = (SSLSocket) context(directory, pair)
                        .getSocketFactory()
                        .createSocket(plain, (InputStream) null, true)) {
            plain.setSoTimeout(5000);
            end.setNeedClientAuth(true);
            end.getOutputStream().write(end.getInputStream().readNBytes(4));
            return null;
        } catch (IOException | GeneralSecurityException error) {
            return error;
        }
    }

    private static Exception connect(Path directory, String pair, String name, int port) {
        // The address is fixed here, so that name is only what the certificate must bear.
        try (Socket plain = new Socket(InetAddress.getByName("127.0.0.1"), port);
                SSLSocket end = (SSLSocket)
                        context(directory, pair).getSocketFactory().createSocket(plain, name, port, true)) {
            plain.setSoTimeout(5000);
            SSLParameters parameters = end.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            end.setSSLParameters(parameters);
            end.getOutputStream().write("ping".getBytes());
            // In TLS 1.3 a client learns only here that its certificate was refused.
            if (end.getInputStream().readNBytes(4).length != 4) {
                return new IOException("no answer");
            }
            return null;
        } catch (IOException | GeneralSecurityException error) {
            return error;
        }
    }

    private static SSLContext context(Path directory, String pair)
            throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", certificate(directory.resolve("ca.pem")));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);

        KeyStore own = empty();
        if (pair != null) {
            Certificate certificate = certificate(directory.resolve(pair + ".pem"));
            PrivateKey key =
                    key(directory.resolve(pair + ".key"), certificate.getPublicKey().getAlgorithm());
            own.setKeyEntry(pair, key, new char[0], new Certificate[] {certificate});
        }
        // SunX509, unlike PKIX, shows a certificate whatever its usage: the peer is to refuse it.
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(own, new char[0]);

        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    /** What is wrong with the outcome, null if nothing. */
    private static String judge(Errors errors, Check check) {
        String both = "server: " + errors.server() + "; client: " + errors.client();
        if (check.refuser() == null) {
            return errors.server() == null && errors.client() == null ? null : both;
        }
        if (errors.client() == null) {
            return "was let in";
        }
        Exception said = check.refuser().equals("server") ? errors.server() : errors.client();
        boolean rightly = said != null && String.valueOf(said.getMessage()).contains(check.reason());
        return rightly ? null : "expected `" + check.reason() + "` from the " + check.refuser() + ": " + both;
    }
}

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code java Keystore.java PASSWORD-FILE FILE.p12} tells what is in a keystore, one line an entry.
 *
 * <p>{@code java Keystore.java PASSWORD-FILE SERVER.p12 CLIENT.p12} lets the two greet each other by mutual
 * TLS, with nothing but the keystores: each is both what its owner shows and what he trusts.
 */
public final class Keystore {
    private static char[] password;

    public static void main(String[] arguments) throws Exception {
        password = Files.readAllLines(Path.of(arguments[0])).get(0).toCharArray();
        KeyStore first = load(arguments[1]);
        if (arguments.length == 2) {
            tell(first);
            return;
        }
        greet(first, load(arguments[2]));
    }

    private static KeyStore load(String file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            store.load(content, password);
        }
        return store;
    }

    private static void tell(KeyStore store) throws GeneralSecurityException {
        for (String alias : new TreeSet<>(Collections.list(store.aliases()))) {
            if (store.isCertificateEntry(alias)) {
                System.out.println(alias + ": trusted");
            } else {
                System.out.println(alias + ": " + store.getKey(alias, password).getAlgorithm() + " key, chain of "
                        + store.getCertificateChain(alias).length);
            }
        }
    }

    private static void greet(KeyStore server, KeyStore client) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            listener.setSoTimeout(10000);
            CompletableFuture<Exception> served = CompletableFuture.supplyAsync(() -> serve(server, listener));
            try (Socket plain = new Socket(InetAddress.getByName("127.0.0.1"), listener.getLocalPort());
                    SSLSocket end = (SSLSocket) context(client)
                            .getSocketFactory()
                            .createSocket(plain, "localhost", listener.getLocalPort(), true)) {
                plain.setSoTimeout(10000);
                SSLParameters parameters = end.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                end.setSSLParameters(parameters);
                end.getOutputStream().write("ping".getBytes());
                System.out.println("answer: " + new String(end.getInputStream().readNBytes(4)));
            }
            if (served.get() != null) {
                throw served.get();
            }
        }
    }

    private static Exception serve(KeyStore store, ServerSocket listener) {
        try (Socket plain = listener.accept();
                SSLSocket end = (SSLSocket)
                        context(store).getSocketFactory().createSocket(plain, (InputStream) null, true)) {
            plain.setSoTimeout(10000);
            end.setNeedClientAuth(true);
            end.getOutputStream().write(end.getInputStream().readNBytes(4));
            return null;
        } catch (IOException | GeneralSecurityException error) {
            return error;
        }
    }

    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}

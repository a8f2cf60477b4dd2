// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * Loads the vector engine's classes anew with a vector width of its own, so that one process tests
 * the code of machines with 128-, 256- and 512-bit vectors.
 */
final class ForcedWidth extends ClassLoader {
  private static final String PACKAGE = ForcedWidth.class.getPackageName() + ".";

  /** What the vector classes use of their package and must therefore share a loader with. */
  private static final Set<String> OF_ITS_PACKAGE =
      Set.of(PACKAGE + "Poly1305", PACKAGE + "NativePackets");

  private ForcedWidth() {
    super(ForcedWidth.class.getClassLoader());
  }

  /** An engine of its own set of classes. */
  static Aead vectorAead(int bits) {
    String before = System.getProperty(VectorWidth.BITS_PROPERTY);
    System.setProperty(VectorWidth.BITS_PROPERTY, Integer.toString(bits));
    try {
      Aead aead =
          (Aead)
              new ForcedWidth()
                  .loadClass(VectorAead.class.getName())
                  .getConstructor()
                  .newInstance();
      if (!aead.name().equals("vector-" + bits)) {
        throw new IllegalStateException("wanted " + bits + " bits, got " + aead.name());
      }
      return aead;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      if (before == null) {
        System.clearProperty(VectorWidth.BITS_PROPERTY);
      } else {
        System.setProperty(VectorWidth.BITS_PROPERTY, before);
      }
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    // The interface stays the one and only; all that knows the width is loaded here.
    boolean own = name.startsWith(PACKAGE + "Vector") || OF_ITS_PACKAGE.contains(name);
    if (!own) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

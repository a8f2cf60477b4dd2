// SPDX-License-Identifier: Apache-2.0
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts an installed Gatehouse onto a base as an image of its own, by Jib, without a container
 * engine. Arguments: the base (an archive as docker save makes it), the folder with what the package
 * has installed, the archive to write, the version, and the time in seconds since 1970.
 */
final class Image {
  public static void main(String[] words) throws Exception {
    Path tree = Path.of(words[1]);
    Instant time = Instant.ofEpochSecond(Long.parseLong(words[4]));
    JibContainer image =
        Jib.from(TarImage.at(Path.of(words[0])))
            .setFormat(ImageFormat.OCI)
            .addFileEntriesLayer(layer("java", tree, "usr/lib/gatehouse/jre", time))
            .addFileEntriesLayer(layer("console", tree, "usr/lib/gatehouse/console", time))
            .addFileEntriesLayer(rest(tree, time))
            .setCreationTime(time)
            .addLabel("org.opencontainers.image.title", "Gatehouse")
            .addLabel("org.opencontainers.image.version", words[3])
            .addLabel("org.opencontainers.image.licenses", "Apache-2.0")
            .addEnvironmentVariable(
                "PATH", "/usr/lib/gatehouse/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .addEnvironmentVariable("GATEHOUSE_CONTROL_GROUP", "gatehouse")
            .setProgramArguments(List.of("gatehouse-dataplane"))
            .containerize(
                Containerizer.to(
                        TarImage.at(Path.of(words[2]))
                            .named("gatehouse:" + words[3].replaceAll("[~+]", "-")))
                    .setOfflineMode(true)
                    .setToolName("gatehouse"));
    System.out.println(image.getDigest());
  }

  private static FileEntriesLayer layer(String name, Path tree, String folder, Instant time)
      throws Exception {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    add(layer, tree, tree.resolve(folder), time);
    return layer.build();
  }

  private static FileEntriesLayer rest(Path tree, Instant time) throws Exception {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("gatehouse");
    Path home = tree.resolve("usr/lib/gatehouse");
    try (Stream<Path> parts = Files.list(home)) {
      for (Path part : parts.sorted().toList()) {
        if (!part.endsWith("jre") && !part.endsWith("console")) {
          add(layer, tree, part, time);
        }
      }
    }
    add(layer, tree, tree.resolve("etc/gatehouse"), time);
    add(layer, tree, tree.resolve("usr/share/doc/gatehouse"), time);
    return layer.build();
  }

  private static void add(FileEntriesLayer.Builder layer, Path tree, Path from, Instant time)
      throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        boolean runs =
            Files.isDirectory(file)
                || Files.getPosixFilePermissions(file)
                    .contains(PosixFilePermission.OWNER_EXECUTE);
        layer.addEntry(
            file,
            AbsoluteUnixPath.get("/" + tree.relativize(file)),
            FilePermissions.fromOctalString(runs ? "755" : "644"),
            time);
      }
    }
  }
}
